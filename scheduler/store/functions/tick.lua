-- tick: claim the timers that are due and apply their effect in the same call, so that none fires twice
-- and none is lost, however many processes ask. A timer only names what to look at; whether
-- anything is to be done is decided by the state found now.
--
--   late:<booking>, noshow:<booking>   the member of a matched booking has not joined; at T and a minute later
--                                      whoever is awaited is told, then they are late; one sets the other
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
-- tells late_due, no_show_due, ended, closed, reminder_due, awaited, plan_due, and what an ask or a snooze leads to

-- As much of a booking as before its end a timer's effect needs.
local COMING = part({
  "state", "member", "start_ms", "length_min", "pair", "partner", "partner_booking", "locked",
})

local function look_at(s, id) return Bookings.load_part(s, id, COMING) end

local function tell_missing(s, event, booking)
  tell(s, event, { pair = booking.pair, booking = booking.id, member = booking.member })
end

-- The partner is in the room, and the member may not know that the session began.
local function hint(s, booking)
  redis.call("ZADD", Keys.timers(s), Timers.next_look(s, booking.start_ms), "late:" .. booking.id)
  if Standby.away_since_ms(s, booking.partner_booking, booking) ~= 0 then return end
  tell(s, "awaited", {
    booking = booking.id, member = booking.member, partner = booking.partner, start_ms = booking.start_ms,
    minutes = math.floor((s.now - booking.start_ms) / MINUTE_MS),
  })
end

-- Who comes from another room has a while longer.
local function late(s, id)
  local booking = look_at(s, id)
  if not booking or booking.state ~= MATCHED then return end
  if s.now < booking.start_ms + s.rules.late_ms then return hint(s, booking) end
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

-- Many sessions end at one moment. What no other timer of the same portion reads is written, and told,
-- once for all of the portion.
local function gather(s, command, key, one, other)
  local writes = s.gathered[key]
  if not writes then
    writes = { command, key }
    s.gathered[key] = writes
  end
  writes[#writes + 1] = one
  writes[#writes + 1] = other
end

local function tell_ended(s, booking)
  local bookings, members = s.ended.bookings, s.ended.members
  bookings[#bookings + 1], members[#members + 1] = booking.id, booking.member
end

local function begin_portion(s)
  s.claimed, s.gathered, s.ended = {}, {}, { bookings = {}, members = {} }
end

local function end_portion(s)
  for _, writes in pairs(s.gathered) do redis.call(unpack(writes)) end
  if #s.ended.bookings > 0 then tell(s, "ended", s.ended) end
end

local function finish_alone(s, id)
  local booking = Bookings.load(s, id)
  Pool.leave(s, booking)
  Slots.leave(s, booking)
  Calendar.to_past(s, booking)
  booking.state = DONE
  Bookings.save(s, booking)
  tell_ended(s, booking)
end

local function remember_meeting(s, booking, other)
  Relations.met(s, booking.member, other.member, booking.start_ms)
  Relations.met(s, other.member, booking.member, booking.start_ms)
end

-- As much of it as its end needs, and of its partner's, where all else is the same.
local ENDING = part({
  "state", "member", "start_ms", "length_min", "version", "pair", "partner", "partner_booking", "joined",
})
local PARTNERS = part({ "version", "joined" })

local function partner_of(s, booking)
  local other = Bookings.load_part(s, booking.partner_booking, PARTNERS)
  other.member, other.start_ms = booking.partner, booking.start_ms
  return other
end

local function both_came(booking, other)
  return booking.joined == booking.pair and other.joined == booking.pair
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
  for _, each in ipairs({ booking, other }) do
    Calendar.to_past(s, each)
    Bookings.save_done(s, each)
    tell_ended(s, each)
  end
  gather(s, "SREM", Keys.slot(s, booking.start_ms, booking.length_min), booking.id, other.id)
  drop_end(s, other.id)
  if both_came(booking, other) then remember_meeting(s, booking, other) end
  gather(s, "ZADD", Keys.timers(s), Timers.closing_of(s, booking.pair, booking))
end

local function ended(s, id)
  local booking = Bookings.load_part(s, id, ENDING)
  if not booking or not Bookings.live(booking) then return end
  if booking.state == MATCHED then finish_pair(s, booking) else finish_alone(s, id) end
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

local CLAIMED_AT_ONCE = 50

local function fire(s, name, due_ms, fired)
  local kind, id = name:match("^(%w+):(.+)$")
  local effect = EFFECTS[kind]
  if effect then effect(s, id) end -- a kind of another release must not stop those claimed with it
  fired.kinds[#fired.kinds + 1] = kind
  fired.lateness_ms[#fired.lateness_ms + 1] = s.now - due_ms
end

-- Those left when the time was over; the partner's end may have come with the one before. One that was
-- set anew meanwhile keeps its new time.
local function put_back(s, due, from)
  local left = {}
  for i = from, #due, 2 do
    if s.claimed[due[i]] then
      left[#left + 1] = due[i + 1]
      left[#left + 1] = due[i]
    end
  end
  if #left > 0 then redis.call("ZADD", Keys.timers(s), "NX", unpack(left)) end
end

-- Gives how many were claimed.
local function fire_some(s, most, fired)
  local due = Timers.claim(s, most)
  begin_portion(s)
  for i = 1, #due, 2 do s.claimed[due[i]] = true end
  for i = 1, #due, 2 do
    if is_long(s) and #fired.kinds > 0 then
      put_back(s, due, i)
      break
    end
    if s.claimed[due[i]] then fire(s, due[i], due[i + 1], fired) end
  end
  end_portion(s)
  return #due / 2
end

-- As many as fit into the time, and at least one.
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
