-- What follows for booked sessions when two members keep apart, or may meet again.

local Apart = {}

-- The two never meet from now on, as the first wants it: coming matches of them end, locked ones too, and both
-- look anew.
function Apart.keep(s, member, other)
  Relations.derive(s, member, other)
  for _, booking in ipairs(Calendar.live(s, member, "(" .. s.now, "+inf")) do
    if booking.partner == other then Matching.part(s, booking, member) end
  end
end

local function waits_at(s, member, slot)
  for _, booking in ipairs(Calendar.live(s, member, slot.start_ms, slot.start_ms)) do
    if booking.state == WAITING and booking.length_min == slot.length_min then return true end
  end
  return false
end

-- One reason to keep apart was lifted: if none is left, the two are paired where both wait in one slot.
function Apart.lift(s, member, other)
  if Relations.derive(s, member, other) then return end
  for _, booking in ipairs(Calendar.live(s, member, "(" .. s.now, "+inf")) do
    if booking.state == WAITING and waits_at(s, other, booking) then Matching.replace(s, booking) end
  end
end

local function snooze_timer(member, other) return "unsnooze:" .. member .. "|" .. other end

-- Keep away from the other until then; 0 for good. The timer lifts it again.
function Relations.snooze(s, member, other, until_ms)
  redis.call("ZADD", Keys.snoozed(s, member), until_ms, other)
  if until_ms > 0 then
    redis.call("ZADD", Keys.timers(s), until_ms, snooze_timer(member, other))
  else
    redis.call("ZREM", Keys.timers(s), snooze_timer(member, other))
  end
  Apart.keep(s, member, other)
  tell(s, "people_changed", { member = member })
end

-- By the member, or by the timer: lifts this member's own snooze and nothing else.
function Relations.unsnooze(s, member, other)
  redis.call("ZREM", Keys.timers(s), snooze_timer(member, other))
  if redis.call("ZREM", Keys.snoozed(s, member), other) == 0 then return end
  Apart.lift(s, member, other)
  tell(s, "people_changed", { member = member })
end
