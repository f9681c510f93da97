-- book: claim a slot for a member, and pair the booking at once if somebody compatible waits there.
--
-- KEYS  tag
-- ARGV  request, member, wish (msgpack: start_ms, length_min, title, quiet, task, prefer_favourites), what was
--       asked for, if the wish was worked out from that: a repeat may come with another wish then
-- gives the booking; tells matched or booked, and pool_changed
-- refuses off_grid, bad_length, in_the_past, beyond_horizon, overlap

local function fault_of(s, wish)
  local rules = s.rules
  if wish.start_ms % rules.grid_ms ~= 0 then return refuse("off_grid", "start", { grid_ms = rules.grid_ms }) end
  if not offered(s, wish.length_min) then return refuse_length(s) end
  if wish.start_ms <= s.now then return refuse("in_the_past", "start", { now_ms = s.now }) end
  if wish.start_ms > s.now + rules.horizon_ms then
    return refuse("beyond_horizon", "start", { horizon_ms = rules.horizon_ms })
  end
end

local ASKED_AT = 4

command("book", function(s, member, packed)
  local wish = cmsgpack.unpack(packed)
  local _, fault = fault_of(s, wish)
  if fault then return nil, fault end
  local in_the_way = Calendar.in_the_way(s, member, wish.start_ms, end_of(wish))
  if in_the_way then return refuse("overlap", "start", in_the_way) end

  local booking = Bookings.create(s, member, wish)
  Calendar.add(s, booking)
  Timers.begin(s, booking)
  Matching.place(s, booking)
  if booking.state == WAITING then
    tell(s, "booked", {
      booking = booking.id, member = member,
      start_ms = booking.start_ms, length_min = booking.length_min,
    })
  end
  return Bookings.answer(booking)
end, ASKED_AT)
