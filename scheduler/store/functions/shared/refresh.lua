-- What follows for booked sessions when a member has another profile.

local Refresh = {}

local function genders_still_agree(s, booking)
  local other = Bookings.load(s, booking.partner_booking)
  return Profiles.genders_agree(
    Profiles.class(s, booking.member, booking), Profiles.class(s, other.member, other))
end

local function refresh(s, booking)
  if booking.state == WAITING then
    if booking.class ~= Profiles.class(s, booking.member, booking) then Matching.replace(s, booking) end
  elseif booking.start_ms > s.now and not genders_still_agree(s, booking) then
    Matching.part(s, booking, booking.member)
  end
end

-- Whether any rule of matching reads the one in another way than the other.
function Refresh.is_needed(before, after)
  return before.gender ~= after.gender or before.only_gender ~= after.only_gender
    or before.accepts_quiet ~= after.accepts_quiet
end

-- The member's bookings from then on, as many as there is time for; a timer goes on with the rest.
function Refresh.go_through(s, member, from)
  Calendar.in_portions(s, member, from, "refresh:%s:" .. member,
    function() return true end, function(booking) refresh(s, booking) end)
end
