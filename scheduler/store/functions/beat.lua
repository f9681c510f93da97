-- beat, outages: whether members could reach the instance, so that nobody is judged for our absence. Who
-- serves members says so again and again; a longer silence between two beats was an outage.
--
-- beat     KEYS tag                        gives true
-- outages  KEYS tag  ARGV from_ms, to_ms   gives { from_ms, to_ms } each that reaches into (from, to), by
--                                          start; the silence that lasts still is one too

local SILENCE_MS = 10000
local OUTAGES_MAX = 1000

local function silence(s, last)
  if last and s.now - last > SILENCE_MS then return { last, s.now } end
end

local function last_beat(s) return tonumber(redis.call("HGET", Keys.meta(s), "beat") or nil) end

local function keep(s, outage)
  local key = Keys.outages(s)
  redis.call("ZADD", key, outage[2], outage[1] .. ":" .. outage[2])
  redis.call("ZREMRANGEBYRANK", key, 0, -OUTAGES_MAX - 1)
end

change("beat", function(s)
  local outage = silence(s, last_beat(s))
  if outage then keep(s, outage) end
  redis.call("HSET", Keys.meta(s), "beat", s.now)
  return true
end)

query("outages", function(s, from, to)
  local found = {}
  for _, entry in ipairs(redis.call("ZRANGEBYSCORE", Keys.outages(s), "(" .. from, "+inf")) do
    local begins, ends = entry:match("^(%d+):(%d+)$")
    found[#found + 1] = { tonumber(begins), tonumber(ends) }
  end
  found[#found + 1] = silence(s, last_beat(s))
  local within = {}
  for _, outage in ipairs(found) do
    if outage[1] < tonumber(to) and outage[2] > tonumber(from) then within[#within + 1] = outage end
  end
  return within
end)
