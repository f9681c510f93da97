-- favourite, unfavourite, ask_friend, accept_friend, end_friendship: what members are to each other. They change
-- who is the better partner and who may lock in, never what is booked. A favourite is told to nobody.
-- Whom the other blocks or snoozes is answered like anybody else, and the other hears nothing of it.
--
-- KEYS  tag
-- ARGV  request, member, other
-- gives true; tells people_changed, friend_asked, friend_made
-- refuses bad_field (oneself; `most` of a kind), conflict (one's own block; until_ms: they said no lately),
--         not_found (nobody asked)

local MOST = 500

local function tell_people(s, ...)
  for _, member in ipairs({ ... }) do tell(s, "people_changed", { member = member }) end
end

local function fault_of(s, member, other)
  if member == other then return refuse("bad_field", "member") end
  if Relations.blocks(s, member, other) then return refuse("conflict", "member") end
end

local function full(key) return redis.call("SCARD", key) >= MOST end

local function refuse_more() return refuse("bad_field", "member", { most = MOST }) end

command("favourite", function(s, member, other)
  local _, fault = fault_of(s, member, other)
  if fault then return nil, fault end
  if Relations.favours(s, member, other) then return true end
  if full(Keys.favourites(s, member)) then return refuse_more() end
  Relations.favour(s, member, other)
  tell_people(s, member)
  return true
end)

command("unfavourite", function(s, member, other)
  if Relations.disfavour(s, member, other) then tell_people(s, member) end
  return true
end)

local function make_friends(s, member, other)
  if full(Keys.friends(s, member)) or full(Keys.friends(s, other)) then return refuse_more() end
  Relations.befriend(s, member, other)
  tell(s, "friend_made", { member = member, by = other })
  tell_people(s, member, other)
  return true
end

-- An ask that the other must not see waits unseen; it shows when nothing keeps the two apart any more.
local function ask(s, member, other)
  if full(Keys.asks(s, member)) or full(Keys.asked_by(s, other)) then return refuse_more() end
  redis.call("SADD", Keys.asks(s, member), other)
  redis.call("SADD", Keys.asked_by(s, other), member)
  tell_people(s, member)
  if Relations.avoid(s, member, other) then return true end
  tell(s, "friend_asked", { member = other, by = member })
  tell_people(s, other)
  return true
end

local function asks_openly(s, other, member)
  return Relations.asked(s, other, member) and not Relations.avoid(s, member, other)
end

command("ask_friend", function(s, member, other)
  local _, fault = fault_of(s, member, other)
  if fault then return nil, fault end
  if Relations.friends(s, member, other) or Relations.asked(s, member, other) then return true end
  if asks_openly(s, other, member) then return make_friends(s, member, other) end
  local until_ms = Relations.declined_until(s, member, other)
  if until_ms then return refuse("conflict", "member", { until_ms = until_ms }) end
  return ask(s, member, other)
end)

command("accept_friend", function(s, member, other)
  if Relations.friends(s, member, other) then return true end
  if not asks_openly(s, other, member) then return refuse("not_found", "member") end
  return make_friends(s, member, other)
end)

command("end_friendship", function(s, member, other)
  if asks_openly(s, other, member) then Relations.decline(s, member, other) end
  if Relations.unfriend(s, member, other) then tell_people(s, member, other) end
  return true
end)
