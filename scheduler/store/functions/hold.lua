-- hold: keep the slot that somebody chose through an invite while they sign up. Only lock-ins by others are
-- kept off; the owner hears nothing of it. One hold a booking, and one more moves nothing: its owner may renew it.
--
-- KEYS  tag
-- ARGV  invite, holder's key (a hash), start_ms, length_min
-- gives until when; refuses not_available, taken, too_late

change("hold", function(s, id, holder, start, length)
  local slot = { start_ms = tonumber(start), length_min = tonumber(length) }
  local invite = Invites.load(s, id)
  invite = invite and Invites.for_slot(s, id, invite.by, "", slot)
  if not invite or not Locking.open(s, invite.by, "", invite) then return refuse("not_available", "start") end
  local booking = Locking.find(s, invite.by, slot)
  if not booking then return refuse("not_available", "start") end
  if booking.locked or Locking.held(s, booking, holder) then return refuse("taken", "start") end
  if slot.start_ms <= s.now or Locking.firm(s, booking) then
    return refuse("too_late", "start", { start_ms = slot.start_ms })
  end
  Locking.hold(s, booking, holder)
  return s.now + s.rules.hold_ms
end)
