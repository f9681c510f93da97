-- flag_late_cancel: the flag for cancelling a matched session too late, once a booking.
--
-- KEYS  tag
-- ARGV  booking, member, flag (msgpack)
-- gives whether it was written; tells flagged
-- refuses not_found (no cancelled booking of this member)

change("flag_late_cancel", function(s, id, member, packed)
  local booking = Bookings.load(s, id)
  if not booking or booking.member ~= member or booking.state ~= CANCELLED then
    return refuse("not_found", "booking")
  end
  local flags = cmsgpack.pack({ cmsgpack.unpack(packed) })
  if redis.call("HSETNX", Keys.flags(s, member), "cancel:" .. id, flags) == 0 then return false end
  tell(s, "flagged", { member = member, booking = id })
  return true
end)
