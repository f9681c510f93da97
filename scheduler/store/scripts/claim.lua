-- claim: lease what is due in a queue. Whoever leased it and dies loses it to the next when the lease ends. What
-- was leased too often and never finished is laid among the dead letters instead, so that it wears nobody out.
--
-- KEYS  the queue (zset by due time), what each piece is about (hash), how often each was leased (hash), the
--       dead letters (stream)
-- ARGV  now_ms, when the lease ends, how many at most, how often a piece may be leased, the queue's name,
--       how many dead letters are kept
-- gives the ids that were buried, then id, what, id, what, ...

local queue, abouts, leases, dead = unpack(KEYS)
local now, lease_ends, most, often, name, kept = unpack(ARGV)

local function bury(id, what)
  redis.call("XADD", dead, "MAXLEN", "~", kept, "*", "queue", name, "id", id, "what", what)
  redis.call("ZREM", queue, id)
  redis.call("HDEL", abouts, id)
  redis.call("HDEL", leases, id)
end

local buried, found = {}, {}
for _, id in ipairs(redis.call("ZRANGEBYSCORE", queue, "-inf", now, "LIMIT", 0, most)) do
  local what = redis.call("HGET", abouts, id) or ""
  if redis.call("HINCRBY", leases, id, 1) > tonumber(often) then
    bury(id, what)
    buried[#buried + 1] = id
  else
    redis.call("ZADD", queue, lease_ends, id)
    found[#found + 1] = id
    found[#found + 1] = what
  end
end
return { buried, found }
