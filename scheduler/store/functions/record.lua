-- record: append what was seen in a room to its session's log; an event id is taken once. A member's
-- first join ends the watch for lateness of that booking, and whoever waited for them looks for nobody else.
-- What comes after the verdict reopens it.
--
-- KEYS  tag
-- ARGV  pair, then for each event: its msgpack (id, member, seen, at_ms, ...)
-- gives how many were new; tells closed, if the session was judged without them; ask_over
-- refuses not_found, bad_field (a member who is not of the pair)

local function read_events(pair, args)
  local events = {}
  for i = 2, #args do
    local event = cmsgpack.unpack(args[i])
    if not Pairs.has(pair, event.member) then return nil end
    event.packed = args[i]
    events[#events + 1] = event
  end
  return events
end

local FRESH_MS = 20000

local COMING = { join = true, rejoin = true }

-- After a match ended the booking may be watched for its next session: that is not ours to touch.
local function note_coming(s, pair, event)
  local first = redis.call("HSETNX", Keys.pair(s, pair.id), "joined:" .. event.member, event.at_ms)
  local booking = Bookings.load(s, Pairs.booking_of(pair, event.member))
  if booking.pair ~= pair.id then return end
  if first == 1 then
    Bookings.note_joined(s, booking.id, pair.id)
    Timers.unwatch(s, booking)
  end
  if event.at_ms > s.now - FRESH_MS and Bookings.live(booking) then Standby.arrived(s, booking) end
end

-- Flags and counts stand until the next verdict takes their place.
local function reopen(s, pair)
  if pair.settled == 0 then return end
  redis.call("HSET", Keys.pair(s, pair.id), "settled", 0)
  tell(s, "closed", { pair = pair.id })
end

change_many("record", function(s, args)
  local id = args[1]
  local pair = Pairs.load(s, id)
  if not pair then return refuse("not_found", "pair") end
  local events = read_events(pair, args)
  if not events then return refuse("bad_field", "member") end

  local new = 0
  for _, event in ipairs(events) do
    if redis.call("SADD", Keys.seen(s, id), event.id) == 1 then
      redis.call("RPUSH", Keys.log(s, id), event.packed)
      if COMING[event.seen] then note_coming(s, pair, event) end
      new = new + 1
    end
  end
  if new > 0 then reopen(s, pair) end
  Standby.ask_on(s)
  return new
end)
