-- Who may lock in with whom, and which booking can still be had.

local Locking = {}

-- The availability setting, and the one thing an invite goes past. To nobody at all leads only an invite that
-- says so, or one that was meant for this member and slot.
local function available(s, other, member, invite)
  local lockable = Profiles.load(s, other).lockable
  if invite then return lockable ~= "nobody" or invite.always or invite.kind == "member" end
  if lockable == "everyone" then return true end
  return lockable == "favourites"
    and (Relations.favours(s, other, member) or Relations.friends(s, other, member))
end

-- Whether the other can be locked in by this member at all. Whoever comes by an invite before signing up is "".
function Locking.open(s, other, member, invite)
  return other ~= member and not Relations.avoid(s, other, member)
    and not Relations.suspended_until(s, other) and available(s, other, member, invite)
end

-- The member's live booking of exactly this slot.
function Locking.find(s, member, slot)
  for _, booking in ipairs(Calendar.live(s, member, slot.start_ms, slot.start_ms)) do
    if booking.length_min == slot.length_min and Bookings.live(booking) then return booking end
  end
end

-- A match is firm from some minutes before T on, and once one of the two is in the room.
function Locking.firm(s, booking)
  if booking.state ~= MATCHED then return false end
  return booking.start_ms - s.now < s.rules.lock_until_ms or Pairs.begun(s, booking)
end

-- Somebody chose this booking through an invite and signs up; whose key is given does not mind.
function Locking.held(s, booking, holder)
  if (booking.held_until_ms or 0) <= s.now then return false end
  return redis.call("GET", Keys.hold(s, booking.id)) ~= redis.sha1hex(holder)
end

function Locking.hold(s, booking, holder)
  local key = Keys.booking(s, booking.id)
  redis.call("HSET", key, "held_until_ms", s.now + s.rules.hold_ms)
  redis.call("SET", Keys.hold(s, booking.id), redis.sha1hex(holder), "PX", s.rules.hold_ms)
end

function Locking.let_go(s, booking)
  if (booking.held_until_ms or 0) == 0 then return end
  redis.call("HSET", Keys.booking(s, booking.id), "held_until_ms", 0)
  redis.call("DEL", Keys.hold(s, booking.id))
end

local Invites = {}

function Invites.load(s, id) return load_record(Keys.invite(s, id)) end

-- One that can still be used: a link for a single use only once.
function Invites.stands(s, invite)
  return not invite.revoked and s.now < invite.expires_ms
    and (invite.kind == "personal" or invite.uses == 0)
end

-- The standing invite by which this member may come to the other's slot, or nil.
function Invites.for_slot(s, id, by, member, slot)
  local invite = Invites.load(s, id)
  if not invite or invite.by ~= by or not Invites.stands(s, invite) then return nil end
  if invite.kind == "member" and invite.to ~= member then return nil end
  if invite.start_ms == 0 then return invite end
  local fits = invite.start_ms == slot.start_ms and invite.length_min == slot.length_min
  return fits and invite or nil
end

-- Lets go of what is held through this invite. What somebody else holds by now is theirs.
function Invites.free_holds(s, id)
  local key = Keys.holds(s, id)
  local held = redis.call("ZRANGE", key, 0, -1, "WITHSCORES")
  for i = 1, #held, 2 do
    local booking = Bookings.load(s, held[i])
    if booking.held_until_ms == tonumber(held[i + 1]) then Locking.let_go(s, booking) end
  end
  redis.call("DEL", key)
end

function Invites.count_use(s, invite) redis.call("HINCRBY", Keys.invite(s, invite.id), "uses", 1) end
