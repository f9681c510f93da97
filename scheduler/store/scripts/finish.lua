-- finish: take a piece of work out of its queue, or put it off, unless something newer was put in its place.
--
-- KEYS  the queue (zset by due time), what each piece is about (hash), how often each was leased (hash)
-- ARGV  id, what it was about when it was claimed; and to put it off: due_ms, what it is about then
-- gives 1 if so, else 0

if redis.call("HGET", KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HDEL", KEYS[3], ARGV[1])
if ARGV[3] then
  redis.call("ZADD", KEYS[1], ARGV[3], ARGV[1])
  redis.call("HSET", KEYS[2], ARGV[1], ARGV[4])
else
  redis.call("ZREM", KEYS[1], ARGV[1])
  redis.call("HDEL", KEYS[2], ARGV[1])
end
return 1
