-- hold: keep the slot that somebody chose through an invite while they sign up. Only lock-ins by others are
-- kept off; the owner hears nothing of it. A booking is held by one, who may renew it; one link holds no more than
-- a few at a time.
--
-- KEYS  tag
-- ARGV  invite, holder's key, start_ms, length_min
-- gives until when; refuses bad_field, not_available, taken, too_late

local AT_ONCE = 5

-- Whether the link holds as much as it may, not counting this booking.
local function used_up(s, id, booking)
  local key = Keys.holds(s, id)
  redis.call("ZREMRANGEBYSCORE", key, "-inf", s.now)
  return redis.call("ZCARD", key) >= AT_ONCE and not redis.call("ZSCORE", key, booking.id)
end

local function count(s, id, booking)
  local key = Keys.holds(s, id)
  redis.call("ZADD", key, s.now + s.rules.hold_ms, booking.id)
  redis.call("PEXPIRE", key, s.rules.hold_ms)
end

local function find(s, id, slot)
  local invite = Invites.load(s, id)
  invite = invite and Invites.for_slot(s, id, invite.by, "", slot)
  if not invite or not Locking.open(s, invite.by, "", invite) then return nil end
  return Locking.find(s, invite.by, slot)
end

change("hold", function(s, id, holder, start, length)
  if holder == "" then return refuse("bad_field", "holder_key") end
  local slot = { start_ms = tonumber(start), length_min = tonumber(length) }
  local booking = find(s, id, slot)
  if not booking then return refuse("not_available", "start") end
  if booking.locked or Locking.held(s, booking, holder) then return refuse("taken", "start") end
  if slot.start_ms <= s.now or Locking.firm(s, booking) then
    return refuse("too_late", "start", { start_ms = slot.start_ms })
  end
  if used_up(s, id, booking) then return refuse("taken", "start") end
  Locking.hold(s, booking, holder)
  count(s, id, booking)
  return s.now + s.rules.hold_ms
end)
