-- Claiming a slot and giving it up again: what book, lock_in, cancel and suspend have in common.

local Claims = {}

-- Why this slot cannot be claimed by anybody.
function Claims.fault(s, wish)
  local _, fault = Claims.off_grid(s, wish)
  if fault then return nil, fault end
  return Claims.fault_off_grid(s, wish)
end

function Claims.off_grid(s, wish)
  local grid = s.rules.grid_ms
  if wish.start_ms % grid ~= 0 then return refuse("off_grid", "start", { grid_ms = grid }) end
end

-- The same for a slot that may have been booked when the grid was another.
function Claims.fault_off_grid(s, wish)
  local rules = s.rules
  if not offered(s, wish.length_min) then return refuse_length(s) end
  if wish.start_ms <= s.now then return refuse("in_the_past", "start", { now_ms = s.now }) end
  if wish.start_ms > s.now + rules.horizon_ms then
    return refuse("beyond_horizon", "start", { horizon_ms = rules.horizon_ms })
  end
end

-- Why this member can claim nothing.
function Claims.pause(s, member)
  local until_ms = Relations.suspended_until(s, member)
  if until_ms then return refuse("suspended", nil, { until_ms = until_ms }) end
end

-- Why this member cannot claim one more; `given_up` of theirs go in the same call.
function Claims.room(s, member, given_up)
  local live, most = redis.call("ZCARD", Keys.calendar(s, member)), s.rules.bookings_max
  if live - given_up >= most then return refuse("full", "start", { limit = most }) end
end

function Claims.make(s, member, wish)
  local booking = Bookings.create(s, member, wish)
  Calendar.add(s, booking)
  Timers.begin(s, booking)
  return booking
end

-- The booking, if this member may still give it up.
function Claims.to_give_up(s, member, id, field)
  local booking = Bookings.load(s, id)
  if not booking or booking.member ~= member then return refuse("not_found", field) end
  if not Bookings.live(booking) then return refuse("already_over", field, { state = booking.state }) end
  if s.now >= booking.start_ms then return refuse("too_late", field, { start_ms = booking.start_ms }) end
  return booking
end

local function copy(record)
  local same = {}
  for field, value in pairs(record) do same[field] = value end
  return same
end

-- `why` is what the partner hears. The partner is placed last: nothing of this booking is in the way then.
function Claims.give_up(s, booking, why)
  local was = copy(booking)
  tell(s, "cancelled", {
    booking = was.id, member = was.member, start_ms = was.start_ms, length_min = was.length_min,
    created_ms = was.created_ms, pair = present(was.pair), partner = present(was.partner),
    by_system = why == "suspended", free = was.state == WAITING and was.free_to_cancel == true,
    gave_up = was.gave_up and present(was.gave_up), gave_up_ms = was.gave_up_ms or 0,
    left_ms = was.left_ms,
  })
  Calendar.remove(s, booking)
  Timers.drop(s, booking)
  Pool.leave(s, booking)
  booking.state, booking.pair, booking.partner, booking.partner_booking = CANCELLED, "", "", ""
  booking.locked = false
  Bookings.save(s, booking)
  if was.state == MATCHED then Matching.release_partner(s, was, { by = was.member, why = why }) end
end
