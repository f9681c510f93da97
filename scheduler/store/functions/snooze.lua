-- snooze, unsnooze: keep away from a member for a while or for good, or take that back. Holds in both
-- directions like a block and is told to nobody, but leaves favourites and friendship as they are.
--
-- KEYS  tag
-- ARGV  request, member, other; for snooze until_ms (0 for good)
-- gives true; tells unmatched, matched, people_changed, pool_changed
-- refuses bad_field

command("snooze", function(s, member, other, packed_until)
  local until_ms = tonumber(packed_until)
  if member == other then return refuse("bad_field", "member") end
  if until_ms ~= 0 and until_ms <= s.now then return refuse("bad_field", "until", { least = s.now + 1 }) end
  Relations.snooze(s, member, other, until_ms)
  return true
end)

command("unsnooze", function(s, member, other)
  Relations.unsnooze(s, member, other)
  return true
end)
