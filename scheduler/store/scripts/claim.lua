-- claim: lease what is due in a queue. Whoever leased it and dies loses it to the next when the lease ends.
--
-- KEYS  the queue (zset by due time), what each piece is about (hash)
-- ARGV  now_ms, when the lease ends, how many at most
-- gives id, what, id, what, ...

local due = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", ARGV[1], "LIMIT", 0, ARGV[3])
local found = {}
for _, id in ipairs(due) do
  redis.call("ZADD", KEYS[1], ARGV[2], id)
  found[#found + 1] = id
  found[#found + 1] = redis.call("HGET", KEYS[2], id) or ""
end
return found
