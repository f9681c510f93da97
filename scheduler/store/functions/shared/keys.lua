-- Every key of the ledger, one function each. All share the hash tag of KEYS[1], so that one call
-- may touch any of them, in a cluster too. docs/ledger.md says what each holds.

local Keys = {}

function Keys.meta(s) return s.tag .. ":meta" end
function Keys.outbox(s) return s.tag .. ":out" end
function Keys.outages(s) return s.tag .. ":outages" end
function Keys.timers(s) return s.tag .. ":timers" end
function Keys.request(s, op, member, request)
  return s.tag .. ":rq:" .. op .. ":" .. member .. ":" .. request
end

function Keys.booking(s, id) return s.tag .. ":b:" .. id end
function Keys.pair(s, id) return s.tag .. ":p:" .. id end
function Keys.log(s, pair) return s.tag .. ":log:" .. pair end
function Keys.seen(s, pair) return s.tag .. ":seen:" .. pair end

function Keys.profile(s, member) return s.tag .. ":m:" .. member end
function Keys.calendar(s, member) return s.tag .. ":cal:" .. member end
function Keys.past(s, member) return s.tag .. ":past:" .. member end
function Keys.blocked(s, member) return s.tag .. ":block:" .. member end
function Keys.avoided(s, member) return s.tag .. ":avoid:" .. member end
function Keys.met(s, member) return s.tag .. ":met:" .. member end
function Keys.flags(s, member) return s.tag .. ":flags:" .. member end
function Keys.kept(s) return s.tag .. ":kept" end

function Keys.starts(s, length) return s.tag .. ":starts:" .. length end
function Keys.classes(s, start, length) return s.tag .. ":wc:" .. start .. ":" .. length end
function Keys.pool(s, start, length, class)
  return s.tag .. ":w:" .. start .. ":" .. length .. ":" .. class
end
