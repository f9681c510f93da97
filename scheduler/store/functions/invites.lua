-- invite, revoke_invite, invites, invite_by_token, invite_spent, invites_for: ways past a member's availability setting, and past
-- nothing else. A link is known here by its hash alone. Making a personal one turns the one before off. What was
-- held through an invite is let go of when it is turned off.
--
-- invite           KEYS tag  ARGV request, member, invite (msgpack: kind, to, start_ms, length_min, always, token)
--                  gives the invite; tells invited (kind member); refuses bad_field, in_the_past, bad_length, too_late
-- revoke_invite    KEYS tag  ARGV request, member, invite   by who made it, or by whom it is for
--                  gives the invite; refuses not_found
-- invites          KEYS tag  ARGV member          gives the own ones that were not turned off and have not expired
-- invite_by_token  KEYS tag  ARGV hash            gives one that stands; refuses not_found
-- invite_spent     KEYS tag  ARGV hash            gives one for a single use that was used; refuses not_found
-- invites_for      KEYS tag  ARGV member          gives those that stand and can be followed, by start

local MOST = 100
local KINDS = { personal = true, single = true, member = true }

local function answer_of(invite)
  local answer = {}
  for field, value in pairs(invite) do answer[field] = value end
  answer.to, answer.token = present(invite.to), nil
  return answer
end

local function fault_of_member_kind(s, member, asked)
  if asked.to == "" or asked.to == member then return refuse("bad_field", "to") end
  if not offered(s, asked.length_min) then return refuse_length(s) end
  if asked.start_ms <= s.now then return refuse("in_the_past", "start", { now_ms = s.now }) end
end

local function fault_of(s, member, asked)
  if not KINDS[asked.kind] then return refuse("bad_field", "kind") end
  if asked.kind == "member" then return fault_of_member_kind(s, member, asked) end
  if asked.token == "" or redis.call("EXISTS", Keys.invite_token(s, asked.token)) == 1 then
    return refuse("bad_field", "token")
  end
end

local function standing(s, key)
  local found = {}
  for _, id in ipairs(redis.call("ZRANGEBYSCORE", key, "(" .. s.now, "+inf", "LIMIT", 0, MOST)) do
    local invite = Invites.load(s, id)
    if invite then found[#found + 1] = invite end
  end
  return found
end

local function revoke(s, invite)
  invite.revoked = true
  redis.call("HSET", Keys.invite(s, invite.id), "revoked", "1")
  redis.call("ZREM", Keys.invites(s, invite.by), invite.id)
  if invite.to ~= "" then redis.call("ZREM", Keys.invites_for(s, invite.to), invite.id) end
  if invite.token ~= "" then redis.call("DEL", Keys.invite_token(s, invite.token)) end
  Invites.free_holds(s, invite.id)
end

local function make(s, member, asked)
  local expires = s.now + s.rules.invite_ms
  if asked.start_ms > 0 then expires = math.min(expires, asked.start_ms) end
  return {
    id = "i" .. redis.call("HINCRBY", Keys.meta(s), "invites", 1),
    by = member, kind = asked.kind, always = asked.always, to = asked.to,
    start_ms = asked.start_ms, length_min = asked.length_min, token = asked.token,
    created_ms = s.now, expires_ms = expires, uses = 0, revoked = false,
  }
end

-- Gone by itself some time after it has expired; the ledger's clock may only be ahead of the store's.
local function keep(s, invite)
  local lives = invite.expires_ms - s.now
  save_record(Keys.invite(s, invite.id), invite)
  redis.call("PEXPIRE", Keys.invite(s, invite.id), lives + DAY_MS)
  if invite.token ~= "" then redis.call("SET", Keys.invite_token(s, invite.token), invite.id, "PX", lives) end
  for _, key in ipairs({ Keys.invites(s, invite.by), invite.to ~= "" and Keys.invites_for(s, invite.to) or nil }) do
    redis.call("ZREMRANGEBYSCORE", key, "-inf", s.now)
    redis.call("ZADD", key, invite.expires_ms, invite.id)
  end
end

-- Whom the other does not want to meet may invite; nobody hears of it.
local function announce(s, invite)
  if invite.to == "" or Relations.avoid(s, invite.by, invite.to) then return end
  tell(s, "invited", {
    invite = invite.id, member = invite.to, by = invite.by,
    start_ms = invite.start_ms, length_min = invite.length_min,
  })
end

command("invite", function(s, member, packed)
  local asked = cmsgpack.unpack(packed)
  local _, fault = fault_of(s, member, asked)
  if fault then return nil, fault end
  local before = standing(s, Keys.invites(s, member))
  if #before >= MOST then return refuse("bad_field", "kind", { most = MOST }) end
  if asked.kind == "personal" then
    for _, old in ipairs(before) do
      if old.kind == "personal" then revoke(s, old) end
    end
  end
  local invite = make(s, member, asked)
  keep(s, invite)
  announce(s, invite)
  return answer_of(invite)
end)

command("revoke_invite", function(s, member, id)
  local invite = Invites.load(s, id)
  if not invite or (invite.by ~= member and invite.to ~= member) then return refuse("not_found", "invite") end
  if not invite.revoked then revoke(s, invite) end
  return answer_of(invite)
end)

-- One for a single use that was used: by whom, its maker's bookings tell.
query("invite_spent", function(s, hashed)
  local id = redis.call("GET", Keys.invite_token(s, hashed))
  local invite = id and Invites.load(s, id)
  if not invite or invite.kind ~= "single" or invite.uses == 0 then return refuse("not_found", "invite") end
  return answer_of(invite)
end)

query("invites", function(s, member)
  local found = {}
  for i, invite in ipairs(standing(s, Keys.invites(s, member))) do found[i] = answer_of(invite) end
  return found
end)

query("invite_by_token", function(s, hashed)
  local id = redis.call("GET", Keys.invite_token(s, hashed))
  local invite = id and Invites.load(s, id)
  if not invite or not Invites.stands(s, invite) then return refuse("not_found", "invite") end
  return answer_of(invite)
end)

-- Whether lock_in with it would be accepted, as far as the one who invites is concerned.
local function can_be_followed(s, invite, member)
  if not Invites.stands(s, invite) or not Locking.open(s, invite.by, member, invite) then return false end
  local booking = Locking.find(s, invite.by, invite)
  if not booking or booking.locked or Locking.held(s, booking, "") then return false end
  return booking.partner == member or not Locking.firm(s, booking)
end

query("invites_for", function(s, member)
  local found = {}
  for _, invite in ipairs(standing(s, Keys.invites_for(s, member))) do
    if can_be_followed(s, invite, member) then found[#found + 1] = answer_of(invite) end
  end
  return found
end)
