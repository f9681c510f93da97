-- One more pair out of a pair and two who wait: i - x = y - z becomes i with x and y with z. Only while nobody
-- knows the names, or so close to T that the pass over the slot is done; never a lock-in, nor a pair of
-- whom both are in the room; those who wrote to each other last, and of the others the worst pair first.

local PAIRS_MAX, WAITERS_MAX = 30, 30
local LOOKED_AT = 100 -- live bookings of the slot, by chance if there are more

local function may_swap(s, booking)
  local to_start, reveal_ms = booking.start_ms - s.now, s.rules.reveal_ms
  return to_start <= s.rules.pass_ms or (reveal_ms and to_start > reveal_ms)
end

-- The booking that is placed may not be written yet, and a pair that this very call dissolved still
-- stands in its bookings.
local function open_pair(s, one)
  if not one or one.state ~= MATCHED or one.locked then return nil end
  local got = redis.call("HMGET", Keys.pair(s, one.pair),
    "messaged", "joined:" .. one.member, "joined:" .. one.partner, "dissolved")
  if (got[2] and got[3]) or got[4] == "1" then return nil end
  local other = Bookings.load(s, one.partner_booking)
  return { one = one, other = other, messaged = got[1] == "1", worth = Matching.worth(s, one, other) }
end

local function worse(a, b)
  if a.messaged ~= b.messaged then return b.messaged end
  if a.worth ~= b.worth then return a.worth < b.worth end
  return by_number(a.one.id, b.one.id)
end

-- Pairs that may be made two, in the order in which they are tried.
local function open_pairs(s, booking)
  local key = Keys.slot(s, booking.start_ms, booking.length_min)
  local ids = redis.call("SRANDMEMBER", key, LOOKED_AT)
  table.sort(ids, by_number)
  local found, seen = {}, {}
  for _, id in ipairs(ids) do
    if not seen[id] and #found < PAIRS_MAX then
      local pair = open_pair(s, Bookings.load(s, id))
      if pair then
        seen[pair.other.id] = true
        found[#found + 1] = pair
      end
    end
  end
  table.sort(found, worse)
  return found
end

-- The first of these whom the booking's member may meet.
local function first_fit(s, booking, others)
  local mine = Profiles.class(s, booking.member, booking)
  for _, other in ipairs(others) do
    local class = other.class ~= "" and other.class or Profiles.class(s, other.member, other)
    if Profiles.compatible(mine, class) and not Relations.avoid(s, booking.member, other.member)
      and not Relations.pausing(s, other.member) then
      return other
    end
  end
end

local function swap(s, booking, one, other, waiter)
  Matching.dissolve(s, one.pair)
  Matching.set_free(s, one, { why = "improved" })
  Matching.set_free(s, other, { why = "improved" })
  Matching.pair_up(s, booking, one)
  Matching.pair_up(s, other, Bookings.load(s, waiter.id))
end

-- The booking is in no pool and found nobody; gives whether it has a partner now.
function Matching.improve(s, booking)
  if not may_swap(s, booking) or Relations.pausing(s, booking.member) then return false end
  local waiters = Pool.some(s, booking, WAITERS_MAX)
  if #waiters == 0 then return false end
  for _, pair in ipairs(open_pairs(s, booking)) do
    for _, two in ipairs({ { pair.one, pair.other }, { pair.other, pair.one } }) do
      local waiter = not Relations.pausing(s, two[2].member)
        and first_fit(s, booking, { two[1] }) and first_fit(s, two[2], waiters)
      if waiter then
        swap(s, booking, two[1], two[2], waiter)
        return true
      end
    end
  end
  return false
end
