-- block: this member does not want to meet the other any more. Holds in both directions and is told
-- to nobody. Coming matches of the two are dissolved, both are put back in line and paired anew.
--
-- KEYS  tag
-- ARGV  request, member, other
-- gives true; tells unmatched, matched, pool_changed
-- refuses bad_field

command("block", function(s, member, other)
  if member == other then return refuse("bad_field", "member") end
  Relations.block(s, member, other)
  for _, booking in ipairs(Calendar.live(s, member, "(" .. s.now, "+inf")) do
    if booking.partner == other then Matching.part(s, booking) end
  end
  return true
end)
