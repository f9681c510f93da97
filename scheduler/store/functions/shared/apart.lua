-- What follows for booked sessions when two members keep apart, or may meet again.

local Apart = {}

-- Own coming bookings from then on at whose starts the other has one too, as many as there is time for.
local function in_common(s, member, other, from, body)
  local theirs = redis.call("ZRANGEBYSCORE", Keys.calendar(s, other), from, "+inf", "WITHSCORES")
  local starts = {}
  for i = 2, #theirs, 2 do starts[theirs[i]] = true end
  Calendar.in_portions(s, member, from, "apart:%s:" .. member .. "|" .. other,
    function(start) return starts[start] end, body)
end

local function part_two(s, member, other, from)
  in_common(s, member, other, from, function(booking)
    if booking.partner == other then Matching.part(s, booking, member) end
  end)
end

-- Where lengths go together, for whatever length.
local function waits_at(s, member, slot)
  for _, booking in ipairs(Calendar.live(s, member, slot.start_ms, slot.start_ms)) do
    local goes = s.rules.cross_lengths or booking.length_min == slot.length_min
    if booking.state == WAITING and goes then return true end
  end
  return false
end

local function bring_together(s, member, other, from)
  in_common(s, member, other, from, function(booking)
    if booking.state == WAITING and waits_at(s, other, booking) then Matching.replace(s, booking) end
  end)
end

-- The two never meet from now on, as the first wants it: coming matches of them end, locked ones too, and both
-- look anew.
function Apart.keep(s, member, other)
  Relations.derive(s, member, other)
  part_two(s, member, other, s.now + 1)
end

-- One reason to keep apart was lifted: if none is left, the two are paired where both wait in one slot.
function Apart.lift(s, member, other)
  if not Relations.derive(s, member, other) then bring_together(s, member, other, s.now + 1) end
end

-- The rest of either, as it stands now.
function Apart.go_on(s, member, other, from)
  local first = math.max(tonumber(from), s.now + 1)
  local rest = Relations.avoid(s, member, other) and part_two or bring_together
  rest(s, member, other, first)
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
