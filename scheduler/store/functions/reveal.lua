-- reveal: who is matched and knows no name yet learns it now, once a pair. Answers show names from that moment
-- by themselves; this tells whoever looked before.
--
-- KEYS  tag
-- ARGV  booking...
-- gives how many pairs were told; tells revealed

-- Whether it is this pair's turn: chance made it, its time has come, and it was not told yet.
local function to_be_told(s, booking)
  return booking and booking.state == MATCHED and not booking.locked
    and booking.start_ms > s.now and Bookings.revealed(s, booking)
    and redis.call("HSETNX", Keys.pair(s, booking.pair), "named", "1") == 1
end

-- Its two bookings read otherwise now, and calendars go by the version; from now on the two may write.
local function tell_names(s, pair)
  Relations.introduce(s, pair.member_a, pair.member_b, pair)
  for _, id in ipairs({ pair.booking_a, pair.booking_b }) do
    redis.call("HINCRBY", Keys.booking(s, id), "version", 1)
  end
  local shown = Pairs.answer(pair)
  tell(s, "revealed", {
    pair = shown.id, bookings = shown.bookings, members = shown.members,
    start_ms = shown.start_ms, length_min = shown.length_min,
  })
end

change_many("reveal", function(s, args)
  local told = 0
  if not s.rules.reveal_ms then return told end
  for _, id in ipairs(args) do
    local booking = Bookings.load(s, id)
    if to_be_told(s, booking) then
      tell_names(s, Pairs.load(s, booking.pair))
      told = told + 1
    end
  end
  return told
end)
