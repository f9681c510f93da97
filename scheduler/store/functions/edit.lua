-- edit: change the settings of an own booking. One that waits may go with others now, and is placed anew. A match
-- that the change forbids ends only if the member says so (`rematch`), and not while both are in the room; both are
-- placed anew then. The title can be changed in a session under way too.
--
-- KEYS  tag
-- ARGV  request, member, booking, changes (msgpack: title, quiet, task, prefer_favourites, also_shorter; what is
--       absent stays), "1" to be rematched
-- gives the booking; tells booking_changed; unmatched, matched, pool_changed
-- refuses not_found, already_over, too_late, bad_field, needs_rematch

local TASKS = { desk = true, moving = true, anything = true }
local ONLY_WORDS = { title = true }

local function changed_only(booking, changes)
  local found, settings = {}, false
  for field, value in pairs(changes) do
    if (booking[field] or false) ~= value then
      found[field] = value
      settings = settings or not ONLY_WORDS[field]
    end
  end
  return found, settings
end

local function own_live(s, member, id)
  local booking = Bookings.load(s, id)
  if not booking or booking.member ~= member then return refuse("not_found", "booking") end
  if not Bookings.live(booking) then return refuse("already_over", "booking", { state = booking.state }) end
  return booking
end

-- Whether the partner goes with the booking as it would be.
local function still_goes(s, booking)
  local other = Bookings.load(s, booking.partner_booking)
  return Profiles.compatible(
    Profiles.class(s, booking.member, booking), Profiles.class(s, other.member, other))
end

local function write(s, booking, changes)
  for field, value in pairs(changes) do redis.call("HSET", Keys.booking(s, booking.id), field, as_text(value)) end
  tell(s, "booking_changed", {
    booking = booking.id, member = booking.member,
    start_ms = booking.start_ms, length_min = booking.length_min,
  })
end

local function settle_in(s, booking, goes)
  if booking.state == MATCHED and not goes then
    return Matching.part(s, booking, booking.member)
  end
  if booking.state == WAITING and booking.class ~= Profiles.class(s, booking.member, booking) then
    return Matching.replace(s, booking)
  end
  Bookings.save(s, booking)
end

command("edit", function(s, member, id, packed, rematch)
  local booking, fault = own_live(s, member, id)
  if fault then return nil, fault end
  local changes, settings = changed_only(booking, cmsgpack.unpack(packed))
  if changes.task and not TASKS[changes.task] then return refuse("bad_field", "task") end
  if settings and s.now >= booking.start_ms then
    return refuse("too_late", "booking", { start_ms = booking.start_ms })
  end
  if next(changes) == nil then return Bookings.answer(s, booking) end

  for field, value in pairs(changes) do booking[field] = value end
  local goes = booking.state ~= MATCHED or not settings or still_goes(s, booking)
  if not goes and Pairs.together(s, booking) then
    return refuse("too_late", "booking", { start_ms = booking.start_ms })
  end
  if not goes and rematch ~= "1" then return refuse("needs_rematch", nil, { locked = booking.locked }) end
  write(s, booking, changes)
  settle_in(s, booking, goes)
  return Bookings.answer(s, booking)
end)
