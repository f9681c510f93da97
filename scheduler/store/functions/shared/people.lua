-- What matching knows of a member: profile, whom they must not meet, whom they met, what they kept.

local Profiles = {}

local GENDERS = { woman = "w", man = "m", non_binary = "n", unsaid = "u" }
local TASKS = { desk = "d", moving = "m", anything = "a" }
local ANYBODY = "*"

-- A profile the ledger has never seen is the default one.
function Profiles.load(s, member)
  if not s.profiles[member] then
    local got = redis.call("HMGET", Keys.profile(s, member), "gender", "only_gender", "accepts_quiet")
    s.profiles[member] = {
      gender = got[1] or "unsaid",
      only_gender = got[2] and present(got[2]) or nil,
      accepts_quiet = got[3] ~= "0",
    }
  end
  return s.profiles[member]
end

-- The newest version seen; 0 if none was told.
function Profiles.version(s, member)
  return tonumber(redis.call("HGET", Keys.profile(s, member), "version") or 0)
end

function Profiles.save(s, member, profile, version)
  save_record(Keys.profile(s, member), {
    gender = profile.gender,
    only_gender = profile.only_gender or "",
    accepts_quiet = profile.accepts_quiet,
    version = version,
  })
  s.profiles[member] = nil
end

-- Nobody can ask for "unsaid" only: it says nothing about anybody.
function Profiles.fault(profile)
  if not GENDERS[profile.gender] then return "gender" end
  local only = profile.only_gender
  if only and (only == "unsaid" or not GENDERS[only]) then return "only_gender" end
end

-- Five letters that decide whether two bookings of one slot go together: gender, only this gender
-- (* for all), quiet wished (q/-), quiet accepted (a/-), task. Pools are split by it. Who wishes
-- quiet accepts it.
function Profiles.class(s, member, wish)
  local profile = Profiles.load(s, member)
  return GENDERS[profile.gender]
    .. (profile.only_gender and GENDERS[profile.only_gender] or ANYBODY)
    .. (wish.quiet and "q" or "-")
    .. ((wish.quiet or profile.accepts_quiet) and "a" or "-")
    .. TASKS[wish.task]
end

local function suits(only, gender) return only == ANYBODY or only == gender end

function Profiles.genders_agree(a, b)
  return suits(a:sub(2, 2), b:sub(1, 1)) and suits(b:sub(2, 2), a:sub(1, 1))
end

local function quiet_agrees(a, b)
  return (a:sub(3, 3) ~= "q" or b:sub(4, 4) == "a") and (b:sub(3, 3) ~= "q" or a:sub(4, 4) == "a")
end

local function tasks_agree(a, b)
  local one, other = a:sub(5, 5), b:sub(5, 5)
  return one == other or one == "a" or other == "a"
end

-- Mirrors scheduler/matching.py `compatible`.
function Profiles.compatible(a, b)
  return Profiles.genders_agree(a, b) and quiet_agrees(a, b) and tasks_agree(a, b)
end

local Relations = {}

-- The truth is who blocked whom; the symmetric set is derived from it, one look for both directions.
function Relations.block(s, member, other)
  redis.call("SADD", Keys.blocked(s, member), other)
  redis.call("SADD", Keys.avoided(s, member), other)
  redis.call("SADD", Keys.avoided(s, other), member)
end

-- Lifts this member's block only: the other's, if there is one, still keeps the two apart.
function Relations.unblock(s, member, other)
  redis.call("SREM", Keys.blocked(s, member), other)
  if redis.call("SISMEMBER", Keys.blocked(s, other), member) == 1 then return false end
  redis.call("SREM", Keys.avoided(s, other), member)
  return redis.call("SREM", Keys.avoided(s, member), other) == 1
end

local MET_MAX = 200

function Relations.met(s, member, other, at_ms)
  local key = Keys.met(s, member)
  redis.call("ZADD", key, "GT", at_ms, other)
  redis.call("ZREMRANGEBYSCORE", key, "-inf", at_ms - s.rules.matching.repeat_ms)
  redis.call("ZREMRANGEBYRANK", key, 0, -MET_MAX - 1)
end
