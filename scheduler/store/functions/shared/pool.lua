-- Who waits at a slot. A pool is split by class, so that no number of incompatible waiters can hide a
-- compatible one; entries are "<booking>:<member>" by the time the booking was made.

local Pool = {}

local function entry(booking) return booking.id .. ":" .. booking.member end

function Pool.enter(s, booking)
  Lengths.restore(s, booking)
  local start, length = booking.start_ms, booking.length_min
  booking.class = Profiles.class(s, booking.member, booking)
  redis.call("ZADD", Keys.pool(s, start, length, booking.class), booking.created_ms, entry(booking))
  redis.call("SADD", Keys.classes(s, start, length), booking.class)
  redis.call("ZADD", Keys.starts(s, length), start, start)
  touch_pool(s, booking)
end

local function leave_class(s, start, length, class)
  local classes = Keys.classes(s, start, length)
  redis.call("SREM", classes, class)
  if redis.call("EXISTS", classes) == 0 then redis.call("ZREM", Keys.starts(s, length), start) end
end

-- Empty pools leave no trace in the lists of classes and starts. Who is in no pool has no class.
function Pool.leave(s, booking)
  if booking.state ~= WAITING or booking.class == "" then return end
  local start, length = booking.start_ms, booking.length_min
  local pool = Keys.pool(s, start, length, booking.class)
  redis.call("ZREM", pool, entry(booking))
  if redis.call("EXISTS", pool) == 0 then leave_class(s, start, length, booking.class) end
  booking.class = ""
  touch_pool(s, booking)
end

local function take(found, class, flat)
  for i = 1, #flat, 2 do
    local id, member = flat[i]:match("^(.-):(.+)$")
    found[#found + 1] = { id = id, member = member, class = class, created_ms = tonumber(flat[i + 1]) }
  end
end

-- The oldest and the newest of one class. `extra` more of the oldest: as many as the asking member
-- avoids, so that these alone cannot fill the view.
local function scan(found, pool, class, half, extra)
  local oldest = redis.call("ZRANGE", pool, 0, half + extra - 1, "WITHSCORES")
  take(found, class, oldest)
  if #oldest < 2 * (half + extra) then return end
  take(found, class, redis.call("ZRANGE", pool, -half, -1, "WITHSCORES"))
end

local function compatible_classes(s, slot, mine)
  local found = {}
  for _, class in ipairs(redis.call("SMEMBERS", Keys.classes(s, slot.start_ms, slot.length_min))) do
    if Profiles.compatible(mine, class) then found[#found + 1] = class end
  end
  return found
end

local function without_avoided(s, member, found)
  local members, free = {}, {}
  for i, candidate in ipairs(found) do members[i] = candidate.member end
  local avoided = redis.call("SMISMEMBER", Keys.avoided(s, member), unpack(members))
  for i, candidate in ipairs(found) do
    if avoided[i] == 0 and candidate.member ~= member and not Relations.pausing(s, candidate.member) then
      free[#free + 1] = candidate
    end
  end
  return free
end

-- Who of these classes this member may meet: as many of each, half of them the oldest.
local function look(s, member, slot, classes)
  if #classes == 0 or Relations.pausing(s, member) then return {} end
  local half = math.max(s.rules.matching.least, math.floor(s.rules.matching.view / 2 / #classes))
  local extra = math.min(redis.call("SCARD", Keys.avoided(s, member)), s.rules.matching.view_max)
  local found = {}
  for _, class in ipairs(classes) do
    scan(found, Keys.pool(s, slot.start_ms, slot.length_min, class), class, half, extra)
  end
  return without_avoided(s, member, found)
end

-- Candidates for this member, of class `mine`, at a slot: every hard rule holds for each.
function Pool.candidates(s, member, slot, mine)
  return look(s, member, slot, compatible_classes(s, slot, mine))
end

local function goes_shorter(class) return class:sub(6, 6) == "s" end

local function nearest_first(s, length)
  local others = {}
  for _, each in ipairs(s.rules.lengths_min) do
    if each ~= length then others[#others + 1] = each end
  end
  table.sort(others, function(a, b) return math.abs(a - length) < math.abs(b - length) end)
  return others
end

-- The lengths whose waiters a session of this one may be had with: its own, then the nearest.
function Pool.lengths(s, length)
  if not s.rules.cross_lengths or not offered(s, length) then return { length } end
  return { length, unpack(nearest_first(s, length)) }
end

-- Candidates at the same start who wait for this length: for another than that of the slot only if the one
-- with the longer session said that a shorter one is welcome.
function Pool.of_length(s, member, slot, mine, length)
  if length == slot.length_min then return Pool.candidates(s, member, slot, mine) end
  local theirs, classes = { start_ms = slot.start_ms, length_min = length }, {}
  for _, class in ipairs(compatible_classes(s, theirs, mine)) do
    local longer = length > slot.length_min and class or mine
    if goes_shorter(longer) then classes[#classes + 1] = class end
  end
  return look(s, member, theirs, classes)
end

-- Where nobody waits for this length: who waits at the same start for another. The nearest length goes first.
function Pool.across_lengths(s, booking, mine)
  for _, length in ipairs(nearest_first(s, booking.length_min)) do
    local found = Pool.of_length(s, booking.member, booking, mine, length)
    if #found > 0 then return found end
  end
  return {}
end

-- Some who wait in a slot, of every class.
function Pool.some(s, slot, most)
  local found = {}
  for _, class in ipairs(redis.call("SMEMBERS", Keys.classes(s, slot.start_ms, slot.length_min))) do
    local pool = Keys.pool(s, slot.start_ms, slot.length_min, class)
    if #found < most then
      take(found, class, redis.call("ZRANGE", pool, 0, most - #found - 1, "WITHSCORES"))
    end
  end
  return found
end
