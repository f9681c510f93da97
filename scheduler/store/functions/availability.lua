-- free_times, invite_times: where a member could be locked in now, so that lock_in would accept it. The wish is not
-- known yet, so neither quiet nor a task stands against it; everything else does.
--
-- free_times    KEYS tag  ARGV viewer, members (msgpack), from_first, from_ms, to_ms, room
--               gives times (member, start_ms, length_min) in order of members and start; if there was more than there
--               was room for, `next`: the number of the member, and the start, to go on from
-- invite_times  KEYS tag  ARGV invite, viewer ("" before signing up), from_ms, to_ms, limit, holder's key
--               gives the same of the one who invites, with what is held by that key, which says so (`held`);
--               refuses not_found, as to that one themselves and to whoever they do not meet

local OPEN_WISH = { quiet = false, task = "anything" }
local MEMBER_COSTS = 4 -- of the room: about as much as so many bookings

local function can_be_had(s, viewer, booking, mine, holder)
  if booking.locked or Locking.held(s, booking, holder) then return false end
  if mine and not Profiles.compatible(mine, Profiles.class(s, booking.member, booking)) then return false end
  local own_partner = booking.partner == viewer and Bookings.revealed(s, booking)
  return own_partner or not Locking.firm(s, booking)
end

local function times_of(s, other, viewer, mine, from, to, limit, holder)
  local times = {}
  local entries = redis.call("ZRANGEBYSCORE", Keys.calendar(s, other),
    math.max(tonumber(from), s.now + 1), "(" .. to, "WITHSCORES", "LIMIT", 0, limit + 1)
  for i = 1, math.min(#entries / 2, limit) do
    local booking = Bookings.load(s, entries[2 * i - 1]:match("^[^:]+"))
    if can_be_had(s, viewer, booking, mine, holder or "") then
      times[#times + 1] = {
        member = other, start_ms = booking.start_ms, length_min = booking.length_min,
        held = (booking.held_until_ms or 0) > s.now or nil, -- by this key, else it could not be had
      }
    end
  end
  return times, #entries / 2, tonumber(entries[2 * limit + 2])
end

local function append_all(to, from)
  for _, each in ipairs(from) do to[#to + 1] = each end
end

query("free_times", function(s, viewer, packed, from_first, from, to, packed_room)
  local mine = Profiles.class(s, viewer, OPEN_WISH)
  local times, room = {}, tonumber(packed_room)
  for i, other in ipairs(cmsgpack.unpack(packed)) do
    room = room - MEMBER_COSTS
    local begin = i == 1 and from_first or from
    if room <= 0 then return { times = times, next = { i, tonumber(begin) } } end
    if Locking.open(s, other, viewer) then
      local found, looked_at, more = times_of(s, other, viewer, mine, begin, to, room)
      append_all(times, found)
      if more then return { times = times, next = { i, more } } end
      room = room - looked_at
    end
  end
  return { times = times }
end)

-- Somebody without an account has no profile yet: nothing is known against them.
local function class_of(s, viewer)
  if viewer ~= "" then return Profiles.class(s, viewer, OPEN_WISH) end
end

local function within(invite, time)
  return invite.start_ms == 0
    or invite.start_ms == time.start_ms and invite.length_min == time.length_min
end

query("invite_times", function(s, id, viewer, from, to, limit, holder)
  local invite = Invites.load(s, id)
  if not invite or not Invites.stands(s, invite) then return refuse("not_found", "invite") end
  if viewer == invite.by or Relations.avoid(s, invite.by, viewer) then return refuse("not_found", "invite") end
  if not Locking.open(s, invite.by, viewer, invite) then return {} end
  local times = {}
  local found = times_of(s, invite.by, viewer, class_of(s, viewer), from, to, tonumber(limit), holder)
  for _, time in ipairs(found) do
    if within(invite, time) then times[#times + 1] = time end
  end
  return times
end)
