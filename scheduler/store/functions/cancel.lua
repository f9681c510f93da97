-- cancel: give up an own booking before its session begins. A partner is put back in line with the
-- time it first came, and paired anew in this same call if somebody waits.
--
-- KEYS  tag
-- ARGV  request, member, booking
-- gives the booking; tells cancelled, and for the partner unmatched, then perhaps matched
-- refuses not_found, already_over, too_late

command("cancel", function(s, member, id)
  local booking = Bookings.load(s, id)
  if not booking or booking.member ~= member then return refuse("not_found", "booking") end
  if not Bookings.live(booking) then return refuse("already_over", "booking", { state = booking.state }) end
  if s.now >= booking.start_ms then return refuse("too_late", "booking", { start_ms = booking.start_ms }) end

  tell(s, "cancelled", {
    booking = id, member = member, start_ms = booking.start_ms, length_min = booking.length_min,
    created_ms = booking.created_ms, pair = present(booking.pair), partner = present(booking.partner),
    by_system = false,
  })
  Calendar.remove(s, booking)
  Timers.drop(s, booking)
  if booking.state == MATCHED then Matching.release_partner(s, booking) else Pool.leave(s, booking) end
  booking.state, booking.pair, booking.partner, booking.partner_booking = CANCELLED, "", "", ""
  Bookings.save(s, booking)
  return Bookings.answer(booking)
end)
