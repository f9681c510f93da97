-- When things are: the lengths on offer, a member's calendar of live bookings, the timers.

local function offered(s, length)
  for _, each in ipairs(s.rules.lengths_min) do
    if each == length then return true end
  end
  return false
end

local function refuse_length(s)
  return refuse("bad_length", "length_min", { lengths_min = s.rules.lengths_min })
end

local Calendar = {}

-- Entries are "<booking>:<length>" by start, so that an overlap shows without reading bookings.
local function entry_of(booking) return booking.id .. ":" .. booking.length_min end

function Calendar.add(s, booking)
  redis.call("ZADD", Keys.calendar(s, booking.member), booking.start_ms, entry_of(booking))
end

function Calendar.remove(s, booking)
  redis.call("ZREM", Keys.calendar(s, booking.member), entry_of(booking))
end

function Calendar.to_past(s, booking)
  Calendar.remove(s, booking)
  redis.call("ZADD", Keys.past(s, booking.member), booking.start_ms, booking.id)
end

-- Half-open intervals: a session may begin the moment another ends.
function Calendar.in_the_way(s, member, start_ms, end_ms)
  local from = start_ms - s.rules.longest_min * MINUTE_MS
  local near = redis.call(
    "ZRANGEBYSCORE", Keys.calendar(s, member), "(" .. from, "(" .. end_ms, "WITHSCORES")
  for i = 1, #near, 2 do
    local id, length = near[i]:match("^(.-):(%d+)$")
    local begins = tonumber(near[i + 1])
    local ends = begins + length * MINUTE_MS
    if ends > start_ms then return { booking = id, start_ms = begins, end_ms = ends } end
  end
end

function Calendar.live(s, member, from, to)
  local found = {}
  for _, entry in ipairs(redis.call("ZRANGEBYSCORE", Keys.calendar(s, member), from, to)) do
    found[#found + 1] = Bookings.load(s, entry:match("^[^:]+"))
  end
  return found
end

local Timers = {}

-- A live booking has its end timer, always.
function Timers.begin(s, booking)
  redis.call("ZADD", Keys.timers(s), end_of(booking), "end:" .. booking.id)
end

-- A matched one is watched for lateness too.
function Timers.watch(s, booking)
  redis.call("ZADD", Keys.timers(s),
    booking.start_ms + s.rules.late_ms, "late:" .. booking.id,
    booking.start_ms + s.rules.no_show_ms, "noshow:" .. booking.id)
end

function Timers.unwatch(s, booking)
  redis.call("ZREM", Keys.timers(s), "late:" .. booking.id, "noshow:" .. booking.id)
end

function Timers.drop(s, booking)
  redis.call("ZREM", Keys.timers(s),
    "late:" .. booking.id, "noshow:" .. booking.id, "end:" .. booking.id)
end

function Timers.closing(s, pair)
  redis.call("ZADD", Keys.timers(s), end_of(pair) + s.rules.doors_close_ms, "close:" .. pair.id)
end
