-- swap: put a value in the place of another, unless something else stands there by now.
--
-- KEYS  the place
-- ARGV  what was read there, what to write
-- gives 1 if written, else 0

if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[2])
return 1
