-- suspend, unsuspend: pause matching for a member, or let it go on. Coming bookings are cancelled by the system
-- and their partners placed anew: no more than some a call, for the store answers nobody else meanwhile. What is
-- booked from then on is refused, so that whoever asks until none is left ends with none; what is still to be
-- cancelled is given to nobody meanwhile.
--
-- suspend          KEYS tag  ARGV request, member, until_ms (0: until a person has looked)
--                  gives how many coming bookings are left; tells suspended, cancelled, unmatched, matched,
--                  pool_changed; refuses bad_field
-- unsuspend        KEYS tag  ARGV request, member     gives true; tells suspended
-- suspended_until  KEYS tag  ARGV member              gives a list: until_ms, or nothing

local AT_ONCE = 20
local FOREVER_MS = 253402300799000 -- the last second of the year 9999: an event's 0 is the end of a pause

local function coming(s, member)
  local key = Keys.calendar(s, member)
  local entries = redis.call("ZRANGEBYSCORE", key, "(" .. s.now, "+inf", "LIMIT", 0, AT_ONCE)
  local found = {}
  for i, entry in ipairs(entries) do found[i] = Bookings.load(s, entry:match("^[^:]+")) end
  return found
end

local function pause(s, member, until_ms)
  local before = tonumber(redis.call("HGET", Keys.suspended(s), member) or nil)
  if before == until_ms then return end
  redis.call("HSET", Keys.suspended(s), member, until_ms)
  tell(s, "suspended", { member = member, until_ms = until_ms > 0 and until_ms or FOREVER_MS })
end

command("suspend", function(s, member, packed_until)
  local until_ms = tonumber(packed_until)
  if until_ms ~= 0 and until_ms <= s.now then return refuse("bad_field", "until", { least = s.now + 1 }) end
  pause(s, member, until_ms)
  redis.call("SADD", Keys.pausing(s), member)
  for _, booking in ipairs(coming(s, member)) do Claims.give_up(s, booking, "suspended") end
  local left = redis.call("ZCOUNT", Keys.calendar(s, member), "(" .. s.now, "+inf")
  if left == 0 then redis.call("SREM", Keys.pausing(s), member) end
  return left
end)

-- Whoever was let off between two parts waits like anybody again.
local function let_off(s, member)
  if redis.call("SREM", Keys.pausing(s), member) == 0 then return end
  for _, booking in ipairs(coming(s, member)) do
    if booking.state == WAITING then Matching.replace(s, booking) end
  end
end

command("unsuspend", function(s, member)
  if redis.call("HDEL", Keys.suspended(s), member) == 1 then
    tell(s, "suspended", { member = member, until_ms = 0 })
  end
  let_off(s, member)
  return true
end)

query("suspended_until", function(s, member) return { Relations.suspended_until(s, member) } end)
