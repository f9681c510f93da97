-- now, move_clock: the ledger's time, and setting it forward (tests and the demo).
--
-- now         KEYS tag                    gives milliseconds since the epoch
-- move_clock  KEYS tag  ARGV advance_ms   gives the new time; tells clock_moved; refuses bad_field

query("now", function(s) return s.now end)

change("move_clock", function(s, advance)
  local by = tonumber(advance)
  if by < 0 then return refuse("bad_field", "advance_ms") end
  local offset = redis.call("HINCRBY", Keys.meta(s), "offset", by)
  s.now = s.now + by
  -- A leap is no silence: the last beat leaps along.
  if redis.call("HEXISTS", Keys.meta(s), "beat") == 1 then
    redis.call("HINCRBY", Keys.meta(s), "beat", by)
  end
  tell(s, "clock_moved", { offset_ms = offset })
  return s.now
end)
