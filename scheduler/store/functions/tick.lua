-- tick: claim the timers that are due and apply their effect in the same call, so that none fires twice
-- and none is lost, however many processes ask. A timer only names what to look at; whether
-- anything is to be done is decided by the state found now.
--
--   late:<booking>, noshow:<booking>   the member of a matched booking has not joined; one sets the other
--   end:<booking>                      E: the booking is done, and its partner's in the same step
--   close:<pair>                       doors closed: the session can be judged
--   remind10:<booking>, remind1:...    so many minutes to T; one sets the other
--   plan:<start>:<length>:<stage>      the pass over a slot is due
--   ask:<booking>                      the time to answer is over
--   unsnooze:<member>|<other>          a snooze ends
--   apart:<from>:<member>|<other>      the rest of what follows from keeping apart, or from meeting again
--   refresh:<from>:<member>            the rest of what follows from another profile
--
-- KEYS  tag
-- ARGV  limit (fewer, if the effects take long)
-- gives fired, kinds and lateness_ms (one a timer fired), next_due_ms, pending, now_ms
-- tells late_due, no_show_due, ended, closed, reminder_due, plan_due, and what an ask or a snooze leads to

-- As much of a booking as a timer's effect needs.
local SEEN = { "state", "member", "start_ms", "length_min", "wished_min", "version", "class",
  "pair", "partner", "partner_booking", "locked" }

local function look_at(s, id) return Bookings.load_some(s, id, SEEN) end

local function tell_missing(s, event, booking)
  tell(s, event, { pair = booking.pair, booking = booking.id, member = booking.member })
end

-- Who comes from another room has a while longer.
local function late(s, id)
  local booking = look_at(s, id)
  if not booking or booking.state ~= MATCHED then return end
  local due = booking.start_ms + Standby.late_after_ms(s, booking.member, booking.start_ms)
  if s.now < due then return redis.call("ZADD", Keys.timers(s), due, "late:" .. id) end
  tell_missing(s, "late_due", booking)
  if s.now < booking.start_ms + s.rules.no_show_ms then return Timers.watch_on(s, booking) end
  tell_missing(s, "no_show_due", booking)
end

local function no_show(s, id)
  local booking = look_at(s, id)
  if booking and booking.state == MATCHED then tell_missing(s, "no_show_due", booking) end
end

local function finish(s, booking)
  Calendar.to_past(s, booking)
  redis.call("ZREMRANGEBYSCORE", Keys.contacts(s, booking.member), "-inf", s.now)
end

local function finish_alone(s, booking)
  Pool.leave(s, booking)
  Slots.leave(s, booking)
  finish(s, booking)
  booking.state = DONE
  Bookings.save(s, booking)
  tell(s, "ended", { bookings = { booking.id }, members = { booking.member } })
end

local function remember_meeting(s, booking, other)
  Relations.met(s, booking.member, other.member, booking.start_ms)
  Relations.met(s, other.member, booking.member, booking.start_ms)
end

-- What the partner's side of the end needs; all else is the same on both.
local PARTNERS = { "version", "length_min", "wished_min" }

local function partner_of(s, booking)
  local other = Bookings.load_some(s, booking.partner_booking, PARTNERS)
  other.member, other.start_ms = booking.partner, booking.start_ms
  return other
end

-- All its other timers were due before its end, and fired in that order.
local function drop_end(s, id)
  local name = "end:" .. id
  if not s.claimed[name] then return redis.call("ZREM", Keys.timers(s), name) end
  s.claimed[name] = nil
end

-- Both sides in one step: between two there would be a booking whose partner is over.
local function finish_pair(s, booking)
  local other = partner_of(s, booking)
  local pair = redis.call("HMGET", Keys.pair(s, booking.pair),
    "booking_a", "joined:" .. booking.member, "joined:" .. other.member)
  for _, each in ipairs({ booking, other }) do
    finish(s, each)
    Bookings.save_done(s, each)
  end
  Slots.leave_both(s, booking, other)
  drop_end(s, other.id)
  if pair[2] and pair[3] then remember_meeting(s, booking, other) end
  Timers.closing(s, { id = booking.pair, start_ms = booking.start_ms, length_min = booking.length_min })
  local a, b = booking, other
  if pair[1] == other.id then a, b = other, booking end
  tell(s, "ended", { pair = booking.pair, bookings = { a.id, b.id }, members = { a.member, b.member } })
end

local function ended(s, id)
  local booking = look_at(s, id)
  if not booking or not Bookings.live(booking) then return end
  if booking.state == MATCHED then finish_pair(s, booking) else finish_alone(s, booking) end
end

local function closed(s, id)
  tell(s, "closed", { pair = id })
end

local function remind(minutes)
  return function(s, id)
    local booking = look_at(s, id)
    if not booking or not Bookings.live(booking) or s.now >= booking.start_ms then return end
    Timers.remind(s, booking)
    tell(s, "reminder_due", {
      booking = id, member = booking.member,
      partner = Bookings.answer(s, booking).partner or cjson.null,
      start_ms = booking.start_ms, minutes = minutes,
    })
  end
end

local function plan(s, id)
  local start, length, stage = id:match("^(%d+):(%d+):(%a+)$")
  if s.now >= tonumber(start) or redis.call("SCARD", Keys.slot(s, start, length)) < 2 then return end
  tell(s, "plan_due", { start_ms = tonumber(start), length_min = tonumber(length), stage = stage })
end

local function unsnooze(s, id)
  local member, other = id:match("^(.-)|(.+)$")
  Relations.unsnooze(s, member, other)
end

local function apart(s, id)
  local from, member, other = id:match("^(%d+):(.-)|(.+)$")
  Apart.go_on(s, member, other, from)
end

local function refresh(s, id)
  local from, member = id:match("^(%d+):(.+)$")
  Refresh.go_through(s, member, from)
end

local EFFECTS = {
  late = late, noshow = no_show, ["end"] = ended, close = closed,
  remind10 = remind(10), remind1 = remind(1), plan = plan, ask = Standby.ask_due,
  unsnooze = unsnooze, apart = apart, refresh = refresh,
}

local CLAIMED_AT_ONCE = 20

local function fire(s, name, due_ms, fired)
  local kind, id = name:match("^(%w+):(.+)$")
  EFFECTS[kind](s, id)
  fired.kinds[#fired.kinds + 1] = kind
  fired.lateness_ms[#fired.lateness_ms + 1] = s.now - due_ms
end

-- Gives how many were claimed.
local function fire_some(s, most, fired)
  local due = Timers.claim(s, most)
  s.claimed = {}
  for i = 1, #due, 2 do s.claimed[due[i]] = true end
  for i = 1, #due, 2 do
    -- The partner's end may have come with the one before.
    if s.claimed[due[i]] then fire(s, due[i], due[i + 1], fired) end
  end
  return #due / 2
end

-- As many as fit into the time, and at least some.
local function fire_due(s, limit)
  local fired, left = { kinds = {}, lateness_ms = {} }, limit
  while left > 0 and not is_long(s) do
    local most = math.min(left, CLAIMED_AT_ONCE)
    if fire_some(s, most, fired) < most then break end
    left = left - most
  end
  return fired
end

change("tick", function(s, limit)
  local timers, answer = Keys.timers(s), fire_due(s, tonumber(limit))
  local soonest = redis.call("ZRANGE", timers, 0, 0, "WITHSCORES")
  answer.fired, answer.now_ms = #answer.kinds, s.now
  answer.next_due_ms, answer.pending = tonumber(soonest[2]), redis.call("ZCARD", timers)
  return answer
end)
