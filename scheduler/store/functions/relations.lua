-- people, relation, friends, favourites, close_people: what members are to each other, as the asking one may see
-- it. Who blocks or snoozes them looks like before, and is never free; whom they block or snooze themselves they see.
--
-- people        KEYS tag  ARGV member          gives a relation for each they have one to, or met
-- relation      KEYS tag  ARGV member, other   gives one; to strangers an empty one
-- friends       KEYS tag  ARGV member, other   gives whether they are
-- favourites    KEYS tag  ARGV member          gives their favourites
-- close_people  KEYS tag  ARGV member          gives their favourites and friends

local PARTNERS_SHOWN = 200

local function marks(key, others) return redis.call("SMISMEMBER", key, unpack(others)) end

local function friendship(friend, asked, asking)
  if friend then return "friends" end
  return asked and "asked" or asking and "asking" or "none"
end

-- All from the member's own keys, a look each.
local function relations_of(s, member, others)
  local favourite, friend = marks(Keys.favourites(s, member), others), marks(Keys.friends(s, member), others)
  local asked, asking = marks(Keys.asks(s, member), others), marks(Keys.asked_by(s, member), others)
  local blocked, avoided = marks(Keys.blocked(s, member), others), marks(Keys.avoided(s, member), others)
  local snoozed = redis.call("ZMSCORE", Keys.snoozed(s, member), unpack(others))
  local times = redis.call("HMGET", Keys.together(s, member), unpack(others))
  local last = redis.call("ZMSCORE", Keys.partners(s, member), unpack(others))
  local relations = {}
  for i, other in ipairs(others) do
    local asks = asking[i] == 1 and avoided[i] == 0
    relations[i] = {
      member = other, favourite = favourite[i] == 1, blocked = blocked[i] == 1,
      friendship = friendship(friend[i] == 1, asked[i] == 1, asks),
      snoozed_until_ms = tonumber(snoozed[i] or nil),
      sessions = tonumber(times[i] or 0), last_ms = tonumber(last[i] or 0),
    }
  end
  return relations
end

query("relation", function(s, member, other)
  return relations_of(s, member, { other })[1]
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

query("favourites", function(s, member) return redis.call("SMEMBERS", Keys.favourites(s, member)) end)

query("people", function(s, member)
  local members = union(
    redis.call("SMEMBERS", Keys.favourites(s, member)), redis.call("SMEMBERS", Keys.friends(s, member)),
    redis.call("SMEMBERS", Keys.asks(s, member)), redis.call("SMEMBERS", Keys.asked_by(s, member)),
    redis.call("ZRANGE", Keys.snoozed(s, member), 0, -1), redis.call("SMEMBERS", Keys.blocked(s, member)),
    redis.call("ZREVRANGE", Keys.partners(s, member), 0, PARTNERS_SHOWN - 1))
  return #members > 0 and relations_of(s, member, members) or {}
end)
