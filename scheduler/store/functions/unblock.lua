-- unblock: lift this member's own block. If the other does not block either, the two may meet again,
-- and are paired where both wait in the same slot.
--
-- KEYS  tag
-- ARGV  request, member, other
-- gives true; tells matched, pool_changed

local function waits_at(s, member, slot)
  for _, booking in ipairs(Calendar.live(s, member, slot.start_ms, slot.start_ms)) do
    if booking.state == WAITING and booking.length_min == slot.length_min then return true end
  end
  return false
end

command("unblock", function(s, member, other)
  if not Relations.unblock(s, member, other) then return true end
  for _, booking in ipairs(Calendar.live(s, member, "(" .. s.now, "+inf")) do
    if booking.state == WAITING and waits_at(s, other, booking) then Matching.replace(s, booking) end
  end
  return true
end)
