-- What matching knows of a member: profile, whom they must not meet, whom they met, what they kept.

local Profiles = {}

local GENDERS = { woman = "w", man = "m", non_binary = "n", unsaid = "u" }
local TASKS = { desk = "d", moving = "m", anything = "a" }
local LOCKABLE = { everyone = true, favourites = true, nobody = true }
local ANYBODY = "*"

-- A profile the ledger has never seen is the default one.
function Profiles.load(s, member)
  if not s.profiles[member] then
    local got = redis.call(
      "HMGET", Keys.profile(s, member), "gender", "only_gender", "accepts_quiet", "lockable")
    s.profiles[member] = {
      gender = got[1] or "unsaid",
      only_gender = got[2] and present(got[2]) or nil,
      accepts_quiet = got[3] ~= "0",
      lockable = got[4] or "favourites",
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
    lockable = profile.lockable,
    version = version,
  })
  s.profiles[member] = nil
end

-- Nobody can ask for "unsaid" only: it says nothing about anybody.
function Profiles.fault(profile)
  if not GENDERS[profile.gender] then return "gender" end
  local only = profile.only_gender
  if only and (only == "unsaid" or not GENDERS[only]) then return "only_gender" end
  if profile.lockable and not LOCKABLE[profile.lockable] then return "lockable" end
end

-- Six letters that decide whether two bookings of one start go together: gender, only this gender
-- (* for all), quiet wished (q/-), quiet accepted (a/-), task, a shorter session welcome (s/-). Pools are
-- split by it. Who wishes quiet accepts it.
function Profiles.class(s, member, wish)
  local profile = Profiles.load(s, member)
  return GENDERS[profile.gender]
    .. (profile.only_gender and GENDERS[profile.only_gender] or ANYBODY)
    .. (wish.quiet and "q" or "-")
    .. ((wish.quiet or profile.accepts_quiet) and "a" or "-")
    .. TASKS[wish.task]
    .. ((s.rules.cross_lengths and wish.also_shorter) and "s" or "-")
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

local function has(key, member) return redis.call("SISMEMBER", key, member) == 1 end

function Relations.favours(s, member, other) return has(Keys.favourites(s, member), other) end
function Relations.friends(s, member, other) return has(Keys.friends(s, member), other) end
function Relations.asked(s, member, other) return has(Keys.asks(s, member), other) end
function Relations.blocks(s, member, other) return has(Keys.blocked(s, member), other) end

-- Until when this member snoozes the other, 0 for good; nil if not at all.
function Relations.snoozed_until(s, member, other)
  return tonumber(redis.call("ZSCORE", Keys.snoozed(s, member), other) or nil)
end

-- Either keeps away from the other: the two never meet.
function Relations.avoid(s, member, other) return has(Keys.avoided(s, member), other) end

-- This member keeps away from the other, who does not know it.
function Relations.keeps_away(s, member, other)
  return Relations.blocks(s, member, other) or Relations.snoozed_until(s, member, other) ~= nil
end

-- The truth is who blocks and who snoozes whom; the symmetric set is worked out from these four, one look for
-- both directions. Lifting one of them leaves the others. Gives whether the two keep apart.
function Relations.derive(s, member, other)
  local apart = Relations.keeps_away(s, member, other) or Relations.keeps_away(s, other, member)
  local set = apart and "SADD" or "SREM"
  redis.call(set, Keys.avoided(s, member), other)
  redis.call(set, Keys.avoided(s, other), member)
  return apart
end

-- Kept from both ends: whom a member favours, and who favours them.
function Relations.favour(s, member, other)
  redis.call("SADD", Keys.favourites(s, member), other)
  redis.call("SADD", Keys.fans(s, other), member)
end

function Relations.disfavour(s, member, other)
  redis.call("SREM", Keys.fans(s, other), member)
  return redis.call("SREM", Keys.favourites(s, member), other) == 1
end

-- What this member asked of the other; gives whether they did.
function Relations.drop_ask(s, member, other)
  redis.call("SREM", Keys.asked_by(s, other), member)
  return redis.call("SREM", Keys.asks(s, member), other) == 1
end

-- No ask for a friendship is left between the two, in either direction.
function Relations.drop_asks(s, member, other)
  local own, theirs = Relations.drop_ask(s, member, other), Relations.drop_ask(s, other, member)
  return own or theirs
end

function Relations.part_friends(s, member, other)
  redis.call("SREM", Keys.friends(s, other), member)
  return redis.call("SREM", Keys.friends(s, member), other) == 1
end

local ASK_AGAIN_MS = 7 * DAY_MS

-- This member said no to what the other asked: it is not asked again for a while.
function Relations.decline(s, member, other)
  local key = Keys.declined(s, other)
  redis.call("ZREMRANGEBYSCORE", key, "-inf", s.now)
  redis.call("ZADD", key, s.now + ASK_AGAIN_MS, member)
  redis.call("PEXPIRE", key, ASK_AGAIN_MS + DAY_MS)
end

-- Until when this member may not ask the other, who said no; nil if they may.
function Relations.declined_until(s, member, other)
  local until_ms = tonumber(redis.call("ZSCORE", Keys.declined(s, member), other) or nil)
  if until_ms and until_ms > s.now then return until_ms end
end

function Relations.befriend(s, member, other)
  Relations.drop_asks(s, member, other)
  redis.call("SADD", Keys.friends(s, member), other)
  redis.call("SADD", Keys.friends(s, other), member)
end

-- Ends the friendship, and what was asked for of it; gives whether there was any.
function Relations.unfriend(s, member, other)
  local asked = Relations.drop_asks(s, member, other)
  return Relations.part_friends(s, member, other) or asked
end

local MET_MAX = 200
local PARTNERS_MAX = 500

-- Both came to a session: kept for a while as a reason to meet others first, and for good as who they know.
function Relations.met(s, member, other, at_ms)
  local key = Keys.met(s, member)
  redis.call("ZADD", key, "GT", at_ms, other)
  redis.call("ZREMRANGEBYSCORE", key, "-inf", at_ms - s.rules.matching.repeat_ms)
  redis.call("ZREMRANGEBYRANK", key, 0, -MET_MAX - 1)
  redis.call("HINCRBY", Keys.together(s, member), other, 1)
  redis.call("ZADD", Keys.partners(s, member), "GT", at_ms, other)
  redis.call("ZREMRANGEBYRANK", Keys.partners(s, member), 0, -PARTNERS_MAX - 1)
end

-- The two know of each other in this session: they may write until a while after it.
function Relations.introduce(s, member, other, session)
  local until_ms = end_of(session) + s.rules.contact_ms
  redis.call("ZADD", Keys.contacts(s, member), "GT", until_ms, other)
  redis.call("ZADD", Keys.contacts(s, other), "GT", until_ms, member)
end

-- Those it is too late to write to.
function Relations.forget_contacts(s, member)
  redis.call("ZREMRANGEBYSCORE", Keys.contacts(s, member), "-inf", s.now)
end

-- Whether a member's bookings are being cancelled, a part a call: nobody is given them meanwhile.
function Relations.pausing(s, member)
  if s.pausing == nil then s.pausing = redis.call("EXISTS", Keys.pausing(s)) == 1 end
  return s.pausing and has(Keys.pausing(s), member)
end

-- Until when matching is paused for a member, 0 until a person has looked; nil if it is not.
function Relations.suspended_until(s, member)
  local until_ms = tonumber(redis.call("HGET", Keys.suspended(s), member) or nil)
  if until_ms and (until_ms == 0 or until_ms > s.now) then return until_ms end
end
