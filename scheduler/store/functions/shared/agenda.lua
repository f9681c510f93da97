-- When things are: the lengths on offer, slots, a member's calendar of live bookings, the timers.

local function offered(s, length)
  for _, each in ipairs(s.rules.lengths_min) do
    if each == length then return true end
  end
  return false
end

local function refuse_length(s)
  return refuse("bad_length", "length_min", { lengths_min = s.rules.lengths_min })
end

local Timers = {}

-- The passes over a slot: who is told whose name at which moment can still be chosen anew. Where both
-- come at the same moment, the one that may change anybody does the other's work.
function Timers.plan(s, slot)
  local rules, of = s.rules, "plan:" .. slot.start_ms .. ":" .. slot.length_min
  local reveal, pass = rules.reveal_ms, rules.pass_ms
  if reveal and slot.start_ms - reveal > s.now then
    redis.call("ZADD", Keys.timers(s), slot.start_ms - reveal, of .. ":reveal")
  end
  if pass ~= reveal and slot.start_ms - pass > s.now then
    redis.call("ZADD", Keys.timers(s), slot.start_ms - pass, of .. ":pass")
  end
end

-- All live bookings of one start and length. The first to enter sets the timers of its passes.
local Slots = {}

function Slots.enter(s, booking)
  local key = Keys.slot(s, booking.start_ms, booking.length_min)
  redis.call("SADD", key, booking.id)
  if redis.call("SCARD", key) == 1 then Timers.plan(s, booking) end
end

function Slots.leave(s, booking)
  redis.call("SREM", Keys.slot(s, booking.start_ms, booking.length_min), booking.id)
end

local Calendar = {}

-- The time a booking takes in its member's calendar: as long as was booked, though a match may have made
-- the session shorter. So it can always have its own length back.
local function wished(booking)
  local length = booking.wished_min or 0
  return length > 0 and length or booking.length_min
end

-- Entries are "<booking>:<length>" by start, so that an overlap shows without reading bookings.
local function entry_of(booking) return booking.id .. ":" .. wished(booking) end

function Calendar.add(s, booking)
  redis.call("ZADD", Keys.calendar(s, booking.member), booking.start_ms, entry_of(booking))
  Slots.enter(s, booking)
end

function Calendar.remove(s, booking)
  redis.call("ZREM", Keys.calendar(s, booking.member), entry_of(booking))
  Slots.leave(s, booking)
end

-- No member has two live bookings of one start, so that its length need not be known.
function Calendar.to_past(s, booking)
  local start = booking.start_ms
  redis.call("ZREMRANGEBYSCORE", Keys.calendar(s, booking.member), start, start)
  redis.call("ZADD", Keys.past(s, booking.member), start, booking.id)
end

local function ends_at(s, id, instant_ms)
  local got = redis.call("HMGET", Keys.booking(s, id), "start_ms", "length_min", "pair")
  if not got[1] or got[3] == "" then return false end
  return got[1] + got[2] * MINUTE_MS == instant_ms
end

-- Whether a session of this member ends, or ended, at this very moment.
function Calendar.straight_before(s, member, instant_ms)
  local from = instant_ms - s.rules.longest_min * MINUTE_MS
  for _, key in ipairs({ Keys.calendar(s, member), Keys.past(s, member) }) do
    for _, entry in ipairs(redis.call("ZRANGEBYSCORE", key, from, "(" .. instant_ms)) do
      if ends_at(s, entry:match("^[^:]+"), instant_ms) then return true end
    end
  end
  return false
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

local LEAST = 5 -- of a portion, however long it takes

-- Goes through a member's live bookings from then on, so many as there is time for in this call; the timer
-- `name` (from when, who) goes on with the rest. `suits(start)` says which to load.
function Calendar.in_portions(s, member, from, name, suits, body)
  local flat, done = redis.call("ZRANGEBYSCORE", Keys.calendar(s, member), from, "+inf", "WITHSCORES"), 0
  for i = 1, #flat, 2 do
    local start = flat[i + 1]
    if suits(start) then
      if is_long(s) and done >= LEAST then
        return redis.call("ZADD", Keys.timers(s), s.now, string.format(name, start))
      end
      done = done + 1
      body(Bookings.load(s, flat[i]:match("^[^:]+")))
    end
  end
end

local REMINDERS = { 10, 1 } -- minutes before T, the earliest first; each is set when the one before is due

function Timers.next_reminder(s, booking)
  for _, minutes in ipairs(REMINDERS) do
    local due = booking.start_ms - minutes * MINUTE_MS
    if due > s.now then return due, "remind" .. minutes .. ":" .. booking.id end
  end
end

function Timers.remind(s, booking)
  local due, name = Timers.next_reminder(s, booking)
  if due then redis.call("ZADD", Keys.timers(s), due, name) end
end

-- A live booking has its end timer, always; and the next reminder, as far as there is time for one.
function Timers.begin(s, booking)
  local due, name = Timers.next_reminder(s, booking)
  if due then
    redis.call("ZADD", Keys.timers(s), end_of(booking), "end:" .. booking.id, due, name)
  else
    redis.call("ZADD", Keys.timers(s), end_of(booking), "end:" .. booking.id)
  end
end

local HINTS_MS = { 0, MINUTE_MS } -- after T: whoever is awaited may be told

-- When to look next whether a member of a session has come: at the hints, and when they are late.
function Timers.next_look(s, start_ms)
  for _, after_ms in ipairs(HINTS_MS) do
    if start_ms + after_ms > s.now and after_ms < s.rules.late_ms then return start_ms + after_ms end
  end
  return start_ms + s.rules.late_ms
end

-- Two who are matched are watched for lateness too.
function Timers.watch(s, one, other)
  local due = Timers.next_look(s, one.start_ms)
  redis.call("ZADD", Keys.timers(s), due, "late:" .. one.id, due, "late:" .. other.id)
end

-- Whoever is late may be a no-show next.
function Timers.watch_on(s, booking)
  redis.call("ZADD", Keys.timers(s), booking.start_ms + s.rules.no_show_ms, "noshow:" .. booking.id)
end

function Timers.unwatch(s, booking)
  redis.call("ZREM", Keys.timers(s), "late:" .. booking.id, "noshow:" .. booking.id)
end

function Timers.drop(s, booking)
  local id = booking.id
  redis.call("ZREM", Keys.timers(s),
    "late:" .. id, "noshow:" .. id, "end:" .. id, "remind10:" .. id, "remind1:" .. id)
end

-- Takes away the first timers that are due, so many at most: name and time, in turns. They fire in this call.
function Timers.claim(s, most)
  local key = Keys.timers(s)
  local due = redis.call("ZRANGEBYSCORE", key, "-inf", s.now, "WITHSCORES", "LIMIT", 0, most)
  if #due > 0 then redis.call("ZREMRANGEBYRANK", key, 0, #due / 2 - 1) end
  return due
end

-- When the doors of a pair's session close, and the timer of it.
function Timers.closing_of(s, pair, session)
  return end_of(session) + s.rules.doors_close_ms, "close:" .. pair
end

function Timers.closing(s, pair, session)
  redis.call("ZADD", Keys.timers(s), Timers.closing_of(s, pair, session))
end

-- A match with a shorter session makes a booking shorter; when it waits again it has its length back.
local Lengths = {}

local function become(s, booking, length)
  Slots.leave(s, booking)
  booking.wished_min, booking.length_min = wished(booking), length
  Slots.enter(s, booking)
  redis.call("ZADD", Keys.timers(s), end_of(booking), "end:" .. booking.id)
  redis.call("HSET", Keys.booking(s, booking.id), "length_min", length)
  tell(s, "booking_changed", {
    booking = booking.id, member = booking.member,
    start_ms = booking.start_ms, length_min = length,
  })
end

function Lengths.agree(s, one, other)
  if one.length_min > other.length_min then become(s, one, other.length_min) end
  if other.length_min > one.length_min then become(s, other, one.length_min) end
end

function Lengths.restore(s, booking)
  if wished(booking) ~= booking.length_min then become(s, booking, wished(booking)) end
end
