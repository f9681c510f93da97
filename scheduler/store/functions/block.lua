-- block, unblock: this member does not want to meet the other any more, or takes that back. A block holds in
-- both directions, in everything, and is told to nobody; it ends friendship, and what this member felt or asked
-- of it. Whom the other favours or asked stays in the other's lists, like somebody who is never free. Coming matches of
-- the two are dissolved, both are put back in line and paired anew. Lifting it gives nothing of that back, and
-- leaves a block or snooze of the other; if there is none, the two are paired where both wait.
--
-- KEYS  tag
-- ARGV  request, member, other
-- gives true; tells unmatched, matched, people_changed, pool_changed
-- refuses bad_field

local function forget(s, member, other)
  Relations.disfavour(s, member, other)
  Relations.drop_ask(s, member, other)
  Relations.part_friends(s, member, other)
end

command("block", function(s, member, other)
  if member == other then return refuse("bad_field", "member") end
  redis.call("SADD", Keys.blocked(s, member), other)
  Apart.keep(s, member, other)
  forget(s, member, other)
  tell(s, "people_changed", { member = member })
  return true
end)

command("unblock", function(s, member, other)
  if redis.call("SREM", Keys.blocked(s, member), other) == 0 then return true end
  Apart.lift(s, member, other)
  tell(s, "people_changed", { member = member })
  return true
end)
