-- take: one call of a rate limit (generic cell rate algorithm).
--
-- KEYS  the subject's number: when its whole allowance is back, in milliseconds since the epoch
-- ARGV  every_ms (one call's share), burst (calls of the whole allowance)
-- gives 0, or how many milliseconds to wait; a refused call uses nothing up

local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = redis.call("TIME")
local now = at[1] * 1000 + math.floor(at[2] / 1000)
local whole = math.max(tonumber(redis.call("GET", KEYS[1]) or 0), now) + every
local wait = whole - now - every * burst
if wait > 0 then return wait end
redis.call("SET", KEYS[1], string.format("%.0f", whole), "PX", whole - now)
return 0
