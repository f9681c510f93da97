-- Every key of the ledger, one function each. All share the hash tag of KEYS[1], so that one call
-- may touch any of them, in a cluster too. docs/ledger.md says what each holds.

local Keys = {}

function Keys.every(s) return s.tag .. ":*" end -- a pattern
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
function Keys.snoozed(s, member) return s.tag .. ":snooze:" .. member end
function Keys.favourites(s, member) return s.tag .. ":fav:" .. member end
function Keys.fans(s, member) return s.tag .. ":fans:" .. member end
function Keys.friends(s, member) return s.tag .. ":friend:" .. member end
function Keys.asks(s, member) return s.tag .. ":ask:" .. member end
function Keys.asked_by(s, member) return s.tag .. ":askedby:" .. member end
function Keys.declined(s, member) return s.tag .. ":declined:" .. member end
function Keys.together(s, member) return s.tag .. ":together:" .. member end
function Keys.partners(s, member) return s.tag .. ":partners:" .. member end
function Keys.suspended(s) return s.tag .. ":suspended" end
function Keys.pausing(s) return s.tag .. ":pausing" end
function Keys.met(s, member) return s.tag .. ":met:" .. member end
function Keys.flags(s, member) return s.tag .. ":flags:" .. member end
function Keys.kept(s) return s.tag .. ":kept" end
function Keys.reliability(s) return s.tag .. ":rel" end
function Keys.attended(s, member) return s.tag .. ":att:" .. member end
function Keys.contacts(s, member) return s.tag .. ":contact:" .. member end

function Keys.hold(s, booking) return s.tag .. ":hold:" .. booking end
function Keys.holds(s, invite) return s.tag .. ":holds:" .. invite end
function Keys.invite(s, id) return s.tag .. ":inv:" .. id end
function Keys.invite_token(s, hashed) return s.tag .. ":invtoken:" .. hashed end
function Keys.invites(s, member) return s.tag .. ":invs:" .. member end
function Keys.invites_for(s, member) return s.tag .. ":invfor:" .. member end

function Keys.starts(s, length) return s.tag .. ":starts:" .. length end
function Keys.classes(s, start, length) return s.tag .. ":wc:" .. start .. ":" .. length end
function Keys.pool(s, start, length, class)
  return s.tag .. ":w:" .. start .. ":" .. length .. ":" .. class
end

function Keys.slot(s, start, length) return s.tag .. ":sl:" .. start .. ":" .. length end
function Keys.here(s, start, length) return s.tag .. ":here:" .. start .. ":" .. length end
function Keys.free(s, start, length) return s.tag .. ":free:" .. start .. ":" .. length end
function Keys.alone(s, start, length) return s.tag .. ":alone:" .. start .. ":" .. length end
function Keys.cards(s, start, length) return s.tag .. ":cards:" .. start .. ":" .. length end
function Keys.search(s, booking) return s.tag .. ":search:" .. booking end
function Keys.tried(s, booking) return s.tag .. ":tried:" .. booking end
function Keys.asked(s, booking) return s.tag .. ":asked:" .. booking end

function Keys.thread(s, member, other)
  if member > other then member, other = other, member end
  return s.tag .. ":thread:" .. member .. "|" .. other
end
function Keys.unheard(s, member, other) return s.tag .. ":unheard:" .. member .. "|" .. other end
function Keys.threads(s, member) return s.tag .. ":threads:" .. member end
function Keys.unread(s, member) return s.tag .. ":unread:" .. member end
