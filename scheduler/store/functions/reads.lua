-- booking, pair, bookings: records as they are.
--
-- booking   KEYS tag  ARGV id                       gives the booking; refuses not_found
-- pair      KEYS tag  ARGV id                       gives the pair; refuses not_found
-- bookings  KEYS tag  ARGV member, from_ms, to_ms, limit
--           gives a member's waiting, matched and done bookings that start in [from, to), by start, up to the limit

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

local function collect(s, found, key, from, to, most)
  local entries = redis.call("ZRANGEBYSCORE", key, from, "(" .. to, "WITHSCORES", "LIMIT", 0, most)
  for i = 1, #entries, 2 do
    found[#found + 1] = { id = entries[i]:match("^[^:]+"), start_ms = tonumber(entries[i + 1]) }
  end
end

query("bookings", function(s, member, from, to, packed_most)
  local found, most = {}, tonumber(packed_most or -1)
  collect(s, found, Keys.past(s, member), from, to, most)
  collect(s, found, Keys.calendar(s, member), from, to, most)
  table.sort(found, function(a, b) return a.start_ms < b.start_ms end)
  local bookings = {}
  for i = 1, most < 0 and #found or math.min(#found, most) do
    bookings[i] = Bookings.answer(s, Bookings.load(s, found[i].id))
  end
  return bookings
end)
