-- book: claim a slot for a member, and pair the booking at once if somebody compatible waits there.
--
-- KEYS  tag
-- ARGV  request, member, wish (msgpack: start_ms, length_min, title, quiet, task, prefer_favourites), what was
--       asked for, if the wish was worked out from that: a repeat may come with another wish then
-- gives the booking; tells matched or booked, and pool_changed
-- refuses suspended, off_grid, bad_length, in_the_past, beyond_horizon, overlap, full (bookings_max)

local ASKED_AT = 4

command("book", function(s, member, packed)
  local wish = cmsgpack.unpack(packed)
  local _, fault = Claims.pause(s, member)
  if not fault then _, fault = Claims.fault(s, wish) end
  if fault then return nil, fault end
  local in_the_way = Calendar.in_the_way(s, member, wish.start_ms, end_of(wish))
  if in_the_way then return refuse("overlap", "start", in_the_way) end
  _, fault = Claims.room(s, member, 0)
  if fault then return nil, fault end

  local booking = Claims.make(s, member, wish)
  Matching.place(s, booking)
  if booking.state == WAITING then
    tell(s, "booked", {
      booking = booking.id, member = member,
      start_ms = booking.start_ms, length_min = booking.length_min,
    })
  end
  return Bookings.answer(s, booking)
end, ASKED_AT)
