-- cancel: give up an own booking before its session begins. A partner is put back in line with the
-- time it first came, and paired anew in this same call if somebody waits; who was locked in may go then too,
-- without it counting as late: as long as nobody is found, and for a while if somebody is (`left_ms`).
--
-- KEYS  tag
-- ARGV  request, member, booking
-- gives the booking; tells cancelled, and for the partner unmatched, then perhaps matched
-- refuses not_found, already_over, too_late

command("cancel", function(s, member, id)
  local booking, fault = Claims.to_give_up(s, member, id, "booking")
  if fault then return nil, fault end
  Claims.give_up(s, booking, "cancelled")
  return Bookings.answer(s, booking)
end)
