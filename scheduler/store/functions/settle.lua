-- settle: write down the verdict on a session, once a version of the rules. A verdict by other rules, or
-- on a log that grew, takes the place of the one before: nobody is flagged or counted twice. A verdict
-- on a log that grew meanwhile is not written; the session is told as closed again, to be judged anew.
-- A session is kept by who joined and is flagged neither as a no-show nor for leaving early. A pair that one
-- left for another partner, because the other was absent, is kept by nobody: it only tells who missed it.
--
-- KEYS  tag
-- ARGV  pair, version of the rules, lines of the log that was judged (-1: whatever it holds), then for
--       each flag: its msgpack
-- gives whether it was written; tells settled or closed
-- refuses not_found, bad_field (a flag on somebody else), conflict (the session is not over)

local function read_flags(pair, packed)
  local by_member = { [pair.member_a] = {}, [pair.member_b] = {} }
  for _, each in ipairs(packed) do
    local flag = cmsgpack.unpack(each)
    local own = by_member[flag.member]
    if not own or flag.pair ~= pair.id then return nil end
    own[#own + 1] = flag
  end
  return by_member
end

local MISSED = { no_show = true, early_leave = true }

local function has_missed(flags)
  for _, flag in ipairs(flags) do
    if MISSED[flag.fault] then return true end
  end
  return false
end

local HISTORY = 20

-- How many of a member's last sessions were kept, nine tenths of ten more being lent to everybody.
local function reliability(s, member)
  local last = redis.call("ZRANGE", Keys.attended(s, member), 0, -1)
  local kept = 0
  for _, entry in ipairs(last) do
    if entry:sub(-1) == "1" then kept = kept + 1 end
  end
  return math.floor((8800 + 1000 * kept) / (10 + #last))
end

-- Whether the session is one of the member's last, and was kept (1, 0) or says nothing (nil).
local function remember(s, pair, member, kept)
  local key = Keys.attended(s, member)
  redis.call("ZREM", key, pair.id .. ":0", pair.id .. ":1")
  if kept then redis.call("ZADD", key, pair.start_ms, pair.id .. ":" .. kept) end
  redis.call("ZREMRANGEBYRANK", key, 0, -HISTORY - 1)
  redis.call("HSET", Keys.reliability(s), member, reliability(s, member))
end

local function is_kept(pair, joined, flags)
  if pair.parted_by then return 0 end
  return (joined and not has_missed(flags)) and 1 or 0
end

local function count_kept(s, pair, member, flags)
  local key = Keys.pair(s, pair.id)
  local got = redis.call("HMGET", key, "joined:" .. member, "kept:" .. member)
  local before = tonumber(got[2]) or 0
  local now = is_kept(pair, got[1], flags)
  redis.call("HSET", key, "kept:" .. member, now)
  if now ~= before then redis.call("HINCRBY", Keys.kept(s), member, now - before) end
  remember(s, pair, member, (not pair.parted_by or has_missed(flags)) and now or nil)
end

local function write_flags(s, pair, member, flags)
  local key = Keys.flags(s, member)
  if #flags == 0 then return redis.call("HDEL", key, "session:" .. pair.id) end
  redis.call("HSET", key, "session:" .. pair.id, cmsgpack.pack(flags))
end

change("settle", function(s, id, version, lines, ...)
  local pair = Pairs.load(s, id)
  if not pair or pair.dissolved then return refuse("not_found", "pair") end
  if s.now < end_of(pair) then return refuse("conflict", "pair", { end_ms = end_of(pair) }) end
  local verdict = read_flags(pair, { ... })
  if not verdict then return refuse("bad_field", "flags") end
  if pair.settled == tonumber(version) then return false end
  if tonumber(lines) >= 0 and tonumber(lines) < redis.call("LLEN", Keys.log(s, id)) then
    tell(s, "closed", { pair = id })
    return false
  end

  redis.call("HSET", Keys.pair(s, id), "settled", version)
  local flagged = {}
  for _, member in ipairs({ pair.member_a, pair.member_b }) do
    count_kept(s, pair, member, verdict[member])
    write_flags(s, pair, member, verdict[member])
    Relations.forget_contacts(s, member)
    if #verdict[member] > 0 then flagged[#flagged + 1] = member end
  end
  tell(s, "settled", { pair = id, members = { pair.member_a, pair.member_b }, flagged = flagged })
  return true
end)
