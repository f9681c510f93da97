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
--
-- KEYS  tag
-- ARGV  limit
-- gives fired, kinds and lateness_ms (one a timer fired), next_due_ms, pending, now_ms
-- tells late_due, no_show_due, ended, closed, reminder_due, plan_due, and what an ask or a snooze leads to

local function tell_missing(s, event, booking)
  tell(s, event, { pair = booking.pair, booking = booking.id, member = booking.member })
end

-- Who comes from another room has a while longer.
local function late(s, id)
  local booking = Bookings.load(s, id)
  if not booking or booking.state ~= MATCHED then return end
  local due = booking.start_ms + Standby.late_after_ms(s, booking.member, booking.start_ms)
  if s.now < due then return redis.call("ZADD", Keys.timers(s), due, "late:" .. id) end
  tell_missing(s, "late_due", booking)
  if s.now < booking.start_ms + s.rules.no_show_ms then return Timers.watch_on(s, booking) end
  tell_missing(s, "no_show_due", booking)
end

local function no_show(s, id)
  local booking = Bookings.load(s, id)
  if booking and booking.state == MATCHED then tell_missing(s, "no_show_due", booking) end
end

local function finish(s, booking)
  Timers.drop(s, booking)
  Calendar.to_past(s, booking)
  redis.call("ZREMRANGEBYSCORE", Keys.contacts(s, booking.member), "-inf", s.now)
  booking.state = DONE
  Bookings.save(s, booking)
end

local function finish_alone(s, booking)
  Pool.leave(s, booking)
  finish(s, booking)
  tell(s, "ended", { bookings = { booking.id }, members = { booking.member } })
end

local function remember_meeting(s, pair)
  local joined = redis.call("HMGET", Keys.pair(s, pair.id),
    "joined:" .. pair.member_a, "joined:" .. pair.member_b)
  if not (joined[1] and joined[2]) then return end
  Relations.met(s, pair.member_a, pair.member_b, pair.start_ms)
  Relations.met(s, pair.member_b, pair.member_a, pair.start_ms)
end

-- Both sides in one step: between two there would be a booking whose partner is over.
local function finish_pair(s, booking)
  local pair = Pairs.load(s, booking.pair)
  finish(s, booking)
  finish(s, Bookings.load(s, booking.partner_booking))
  remember_meeting(s, pair)
  Timers.closing(s, pair)
  tell(s, "ended", {
    pair = pair.id, bookings = { pair.booking_a, pair.booking_b },
    members = { pair.member_a, pair.member_b },
  })
end

local function ended(s, id)
  local booking = Bookings.load(s, id)
  if not booking or not Bookings.live(booking) then return end
  if booking.state == MATCHED then finish_pair(s, booking) else finish_alone(s, booking) end
end

local function closed(s, id)
  tell(s, "closed", { pair = id })
end

local function remind(minutes)
  return function(s, id)
    local booking = Bookings.load(s, id)
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

local EFFECTS = {
  late = late, noshow = no_show, ["end"] = ended, close = closed,
  remind10 = remind(10), remind1 = remind(1), plan = plan, ask = Standby.ask_due,
  unsnooze = unsnooze,
}

change("tick", function(s, limit)
  local timers = Keys.timers(s)
  local due = redis.call("ZRANGEBYSCORE", timers, "-inf", s.now, "WITHSCORES", "LIMIT", 0, limit)
  local kinds, lateness = {}, {}
  for i = 1, #due, 2 do
    -- The partner's end may have been taken away by the effect before.
    if redis.call("ZREM", timers, due[i]) == 1 then
      local kind, id = due[i]:match("^(%w+):(.+)$")
      EFFECTS[kind](s, id)
      kinds[#kinds + 1] = kind
      lateness[#lateness + 1] = s.now - due[i + 1]
    end
  end
  local soonest = redis.call("ZRANGE", timers, 0, 0, "WITHSCORES")
  return {
    fired = #lateness, kinds = kinds, lateness_ms = lateness, next_due_ms = tonumber(soonest[2]),
    pending = redis.call("ZCARD", timers), now_ms = s.now,
  }
end)
