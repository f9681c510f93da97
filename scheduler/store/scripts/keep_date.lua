-- keep_date: write down what became of a date of a repeat, unless the repeat is gone by now; a date that its owner
-- took out stays out.
--
-- KEYS  the repeat, its dates (hash), where the booking's repeat is found
-- ARGV  the date, what became of it, "skipped" if its owner takes it out; and of a booking: the repeat's id,
--       for how long that is known
-- gives what was kept of the date before ("" if nothing), or false if nothing was written

if redis.call("EXISTS", KEYS[1]) == 0 then return false end
local before = redis.call("HGET", KEYS[2], ARGV[1]) or ""
if ARGV[3] ~= "skipped" and before ~= "" and cjson.decode(before).state == "skipped" then return false end
redis.call("HSET", KEYS[2], ARGV[1], ARGV[2])
if ARGV[4] then redis.call("SET", KEYS[3], ARGV[4], "PX", ARGV[5]) end
return before
