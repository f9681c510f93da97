-- keep_outcomes: what came of a session in the room, written on its two bookings for their owners to read. Again
-- when it was judged anew; a booking that ended in another pair keeps that one's.
--
-- KEYS  tag
-- ARGV  pair, then for each: booking, how it came, minutes together
-- gives true
-- refuses not_found, bad_field (somebody else's booking)

change("keep_outcomes", function(s, id, ...)
  local pair, given = Pairs.load(s, id), { ... }
  if not pair then return refuse("not_found", "pair") end
  for i = 1, #given, 3 do
    if given[i] ~= pair.booking_a and given[i] ~= pair.booking_b then return refuse("bad_field", "booking") end
  end
  for i = 1, #given, 3 do
    local key = Keys.booking(s, given[i])
    if redis.call("HGET", key, "pair") == id then
      redis.call("HSET", key, "outcome", given[i + 1], "together_min", given[i + 2])
    end
  end
  return true
end)
