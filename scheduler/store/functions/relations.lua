-- people, relation, friends, close_people: what members are to each other, as the asking one may see it. Who blocks
-- them is as unknown to them as a stranger; whom they block or snooze themselves they see.
--
-- people        KEYS tag  ARGV member          gives a relation for each they have one to, or met
-- relation      KEYS tag  ARGV member, other   gives one; to strangers an empty one
-- friends       KEYS tag  ARGV member, other   gives whether they are
-- close_people  KEYS tag  ARGV member          gives their favourites and friends

local PARTNERS_SHOWN = 200

local function friendship(s, member, other)
  if Relations.friends(s, member, other) then return "friends" end
  if Relations.asked(s, member, other) then return "asked" end
  if Relations.asked(s, other, member) and not Relations.avoid(s, member, other) then return "asking" end
  return "none"
end

local function history(s, member, other)
  local times = redis.call("HGET", Keys.together(s, member), other)
  local last = redis.call("ZSCORE", Keys.partners(s, member), other)
  return tonumber(times or 0), tonumber(last or 0)
end

local function relation_of(s, member, other)
  local blocked = Relations.blocks(s, member, other)
  if not blocked and Relations.blocks(s, other, member) then
    return { member = other }, true
  end
  local sessions, last = history(s, member, other)
  return {
    member = other, favourite = Relations.favours(s, member, other),
    friendship = friendship(s, member, other), blocked = blocked,
    snoozed_until_ms = Relations.snoozed_until(s, member, other), sessions = sessions, last_ms = last,
  }
end

query("relation", function(s, member, other)
  return (relation_of(s, member, other))
end)

query("friends", function(s, member, other) return Relations.friends(s, member, other) end)

local function union(...)
  local seen, members = {}, {}
  for _, list in ipairs({ ... }) do
    for _, member in ipairs(list) do
      if not seen[member] then
        seen[member] = true
        members[#members + 1] = member
      end
    end
  end
  table.sort(members)
  return members
end

query("close_people", function(s, member)
  return union(
    redis.call("SMEMBERS", Keys.favourites(s, member)), redis.call("SMEMBERS", Keys.friends(s, member)))
end)

query("people", function(s, member)
  local found = {}
  local members = union(
    redis.call("SMEMBERS", Keys.favourites(s, member)), redis.call("SMEMBERS", Keys.friends(s, member)),
    redis.call("SMEMBERS", Keys.asks(s, member)), redis.call("SMEMBERS", Keys.asked_by(s, member)),
    redis.call("ZRANGE", Keys.snoozed(s, member), 0, -1), redis.call("SMEMBERS", Keys.blocked(s, member)),
    redis.call("ZREVRANGE", Keys.partners(s, member), 0, PARTNERS_SHOWN - 1))
  for _, other in ipairs(members) do
    local relation, hidden = relation_of(s, member, other)
    if not hidden then found[#found + 1] = relation end
  end
  return found
end)
