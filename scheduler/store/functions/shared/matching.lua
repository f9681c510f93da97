-- Finding a partner, and parting from one. Greedy: at every event the best compatible waiter, or none.

local Matching = {}

-- Mirrors scheduler/matching.py `score`; the weights come from there.
local function score(weights, mine, class, repeated, both_new)
  local sum = 0
  if repeated then sum = sum + weights.repeated end
  if both_new then sum = sum + weights.both_new end
  if mine:sub(3, 3) == "q" and class:sub(3, 3) == "q" then sum = sum + weights.both_quiet end
  if mine:sub(5, 5) ~= "a" and mine:sub(5, 5) == class:sub(5, 5) then sum = sum + weights.same_task end
  return sum
end

local function rate(s, member, mine, found)
  local names = {}
  for i, candidate in ipairs(found) do names[i] = candidate.member end
  local met = redis.call("ZMSCORE", Keys.met(s, member), unpack(names))
  local kept = redis.call("HMGET", Keys.kept(s), member, unpack(names))
  local fresh = s.now - s.rules.matching.repeat_ms
  local new = (tonumber(kept[1]) or 0) == 0
  for i, candidate in ipairs(found) do
    local repeated = met[i] and tonumber(met[i]) > fresh
    local both_new = new and (tonumber(kept[i + 1]) or 0) == 0
    candidate.score = score(s.rules.matching.weights, mine, candidate.class, repeated, both_new)
  end
end

-- The higher score, then the longer wait, then the earlier booking.
local function better(a, b)
  if a.score ~= b.score then return a.score > b.score end
  if a.created_ms ~= b.created_ms then return a.created_ms < b.created_ms end
  return tonumber(a.id:sub(2)) < tonumber(b.id:sub(2))
end

local function best(s, booking)
  local mine = Profiles.class(s, booking.member, booking)
  local found = Pool.candidates(s, booking.member, booking, mine)
  if #found == 0 then return nil end
  rate(s, booking.member, mine, found)
  local chosen = found[1]
  for _, candidate in ipairs(found) do
    if better(candidate, chosen) then chosen = candidate end
  end
  return chosen
end

local function join(s, booking, pair, other)
  booking.state, booking.pair = MATCHED, pair.id
  booking.partner, booking.partner_booking = other.member, other.id
  Timers.watch(s, booking)
  Bookings.save(s, booking)
end

local function pair_up(s, booking, other)
  Pool.leave(s, other)
  local pair = Pairs.create(s, other, booking)
  join(s, booking, pair, other)
  join(s, other, pair, booking)
  local told = Pairs.answer(pair)
  tell(s, "matched", {
    pair = pair.id, bookings = told.bookings, members = told.members,
    start_ms = pair.start_ms, length_min = pair.length_min,
    waited_ms = { s.now - other.created_ms, s.now - booking.created_ms },
  })
end

-- Give a booking that is in no pool and has no partner its place: beside the best waiter, or in line.
-- Nobody is paired for a session that has begun.
function Matching.place(s, booking)
  local chosen = booking.start_ms > s.now and best(s, booking)
  if chosen then return pair_up(s, booking, Bookings.load(s, chosen.id)) end
  booking.state = WAITING
  Pool.enter(s, booking)
  Bookings.save(s, booking)
end

-- The booking loses its partner and stands where it stood before it had one.
local function set_free(s, booking)
  local former = booking.partner
  booking.state, booking.pair, booking.partner, booking.partner_booking = WAITING, "", "", ""
  Timers.unwatch(s, booking)
  return former
end

local function tell_unmatched(s, booking, former)
  tell(s, "unmatched", {
    booking = booking.id, member = booking.member, former = former,
    start_ms = booking.start_ms, length_min = booking.length_min,
  })
end

local function dissolve(s, pair) redis.call("HSET", Keys.pair(s, pair), "dissolved", "1") end

-- One goes: its partner is put back in line with the time it first came, and paired anew if it can.
function Matching.release_partner(s, booking)
  local other = Bookings.load(s, booking.partner_booking)
  dissolve(s, booking.pair)
  tell_unmatched(s, other, set_free(s, other))
  Matching.place(s, other)
end

-- The two may not meet any more: both back in line, each paired anew if it can.
function Matching.part(s, booking)
  local other = Bookings.load(s, booking.partner_booking)
  dissolve(s, booking.pair)
  tell_unmatched(s, booking, set_free(s, booking))
  tell_unmatched(s, other, set_free(s, other))
  Matching.place(s, booking)
  Matching.place(s, other)
end

-- Somebody in line may go with others now: out of the line, and placed again.
function Matching.replace(s, booking)
  Pool.leave(s, booking)
  Matching.place(s, booking)
end
