-- sign_up: the member of a mail address, made now if there is none.
--
-- KEYS  the address' index entry, the new account
-- ARGV  the new member's id, the new account
-- gives the member's id; of two first sign-ins at once both get the same

local known = redis.call("GET", KEYS[1])
if known then return known end
redis.call("SET", KEYS[1], ARGV[1])
redis.call("SET", KEYS[2], ARGV[2])
return ARGV[1]
