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
  booking.state, booking.pair, booking.locked = MATCHED, pair.id, pair.locked
  booking.partner, booking.partner_booking = other.member, other.id
  Timers.watch(s, booking)
  Bookings.save(s, booking)
end

-- Who was set free earlier in this call has found somebody: says so where that was told.
local function find_former(s, booking)
  local told = s.unmatched[booking.id]
  if not told then return cjson.null end -- nil would end the list it goes into
  told.rematched = true
  return told.former
end

local function tell_matched(s, pair, one, other, by)
  tell(s, "matched", {
    pair = pair.id, bookings = { one.id, other.id }, members = { one.member, other.member },
    start_ms = pair.start_ms, length_min = pair.length_min,
    waited_ms = { s.now - one.created_ms, s.now - other.created_ms },
    locked = pair.locked, by = by,
    former = { find_former(s, one), find_former(s, other) },
  })
end

-- Make two bookings a pair. Each may wait in line or be in none, but has no partner. `how.locked`: both
-- chose it, and nothing but they part it; `how.by`: the one of them who did.
function Matching.pair_up(s, booking, other, how)
  Pool.leave(s, other)
  Pool.leave(s, booking)
  local pair = Pairs.create(s, other, booking, how and how.locked)
  join(s, booking, pair, other)
  join(s, other, pair, booking)
  tell_matched(s, pair, other, booking, how and how.by)
  return pair
end

-- Give a booking that is in no pool and has no partner its place: beside the best waiter, or in line.
-- Nobody is paired for a session that has begun.
function Matching.place(s, booking)
  local chosen = booking.start_ms > s.now and best(s, booking)
  if chosen then return Matching.pair_up(s, booking, Bookings.load(s, chosen.id)) end
  booking.state = WAITING
  Pool.enter(s, booking)
  Bookings.save(s, booking)
end

-- The booking loses its partner and stands where it stood before it had one: in no pool yet.
local function set_free(s, booking, why)
  local told = {
    booking = booking.id, member = booking.member, former = booking.partner, pair = booking.pair,
    start_ms = booking.start_ms, length_min = booking.length_min,
    why = why, rematched = false, was_locked = booking.locked,
  }
  booking.state, booking.pair, booking.partner, booking.partner_booking = WAITING, "", "", ""
  booking.locked, booking.class = false, ""
  Timers.unwatch(s, booking)
  tell(s, "unmatched", told)
  s.unmatched[booking.id] = told
end

local function dissolve(s, pair) redis.call("HSET", Keys.pair(s, pair), "dissolved", "1") end

-- One goes (`why`: cancelled, locked_in, suspended): its partner is put back in line with the time it
-- first came, and paired anew if it can. The one who goes keeps its state: that is the caller's.
function Matching.release_partner(s, booking, why)
  local other = Bookings.load(s, booking.partner_booking)
  dissolve(s, booking.pair)
  set_free(s, other, why or "cancelled")
  Matching.place(s, other)
end

-- The two do not meet any more (`why`: parted unless told): both back in line, each paired anew if it can.
function Matching.part(s, booking, why)
  local other = Bookings.load(s, booking.partner_booking)
  dissolve(s, booking.pair)
  set_free(s, booking, why or "parted")
  set_free(s, other, why or "parted")
  Matching.place(s, booking)
  Matching.place(s, other)
end

-- Somebody in line may go with others now: out of the line, and placed again.
function Matching.replace(s, booking)
  Pool.leave(s, booking)
  Matching.place(s, booking)
end
