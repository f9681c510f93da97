-- booking, pair, bookings: records as they are.
--
-- booking   KEYS tag  ARGV id                       gives the booking; refuses not_found
-- pair      KEYS tag  ARGV id                       gives the pair; refuses not_found
-- bookings  KEYS tag  ARGV member, from_ms, to_ms   gives a member's waiting, matched and done bookings
--                                                   that start in [from, to), by start

query("booking", function(s, id)
  local booking = Bookings.load(s, id)
  if not booking then return refuse("not_found", "booking") end
  return Bookings.answer(s, booking)
end)

query("pair", function(s, id)
  local pair = Pairs.load(s, id)
  if not pair then return refuse("not_found", "pair") end
  local answer = Pairs.answer(pair)
  answer.zero_gap = {
    Calendar.straight_before(s, pair.member_a, pair.start_ms),
    Calendar.straight_before(s, pair.member_b, pair.start_ms),
  }
  return answer
end)

local function collect(s, found, key, from, to)
  for _, entry in ipairs(redis.call("ZRANGEBYSCORE", key, from, "(" .. to)) do
    found[#found + 1] = Bookings.answer(s, Bookings.load(s, entry:match("^[^:]+")))
  end
end

query("bookings", function(s, member, from, to)
  local found = {}
  collect(s, found, Keys.past(s, member), from, to)
  collect(s, found, Keys.calendar(s, member), from, to)
  table.sort(found, function(a, b) return a.start_ms < b.start_ms end)
  return found
end)
