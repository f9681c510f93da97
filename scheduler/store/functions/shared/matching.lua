-- Finding a partner, and parting from one. Greedy: at every event the best compatible waiter, or none.

local Matching = {}

local UNKNOWN_RELIABILITY = 880 -- permille: of who has no history

-- Mirrors scheduler/matching.py `score`; the weights come from there. `facts`: reliability (of both,
-- permille), repeated, both_new, likes (how many of the two favour the other and prefer favourites).
local function score(weights, mine, class, facts)
  local sum = math.floor(weights.reliable * facts.reliability[1] * facts.reliability[2] / 1000000)
  if facts.likes == 2 then sum = sum + weights.liked_by_both end
  if facts.likes == 1 then sum = sum + weights.liked_by_one end
  if facts.repeated and facts.likes == 0 then sum = sum + weights.repeated end
  if facts.both_new then sum = sum + weights.both_new end
  if mine:sub(3, 3) == "q" and class:sub(3, 3) == "q" then sum = sum + weights.both_quiet end
  if mine:sub(5, 5) ~= "a" and mine:sub(5, 5) == class:sub(5, 5) then sum = sum + weights.same_task end
  return sum
end

local function prefers_favourites(s, booking)
  return redis.call("HGET", Keys.booking(s, booking), "prefer_favourites") == "1"
end

-- For each candidate how many of the two would be glad of the other: who favours them, or is friends with
-- them, and prefers favourites in this booking.
local function count_likes(s, booking, found, names)
  local member = booking.member
  local friend = redis.call("SMISMEMBER", Keys.friends(s, member), unpack(names))
  local fan = redis.call("SMISMEMBER", Keys.fans(s, member), unpack(names))
  local mine = booking.prefer_favourites
    and redis.call("SMISMEMBER", Keys.favourites(s, member), unpack(names))
  for i, candidate in ipairs(found) do
    local i_like = mine and (mine[i] == 1 or friend[i] == 1)
    local they_do = (fan[i] == 1 or friend[i] == 1) and prefers_favourites(s, candidate.id)
    candidate.likes = (i_like and 1 or 0) + (they_do and 1 or 0)
  end
end

local function rate(s, booking, mine, found)
  local member, names = booking.member, {}
  for i, candidate in ipairs(found) do names[i] = candidate.member end
  count_likes(s, booking, found, names)
  local met = redis.call("ZMSCORE", Keys.met(s, member), unpack(names))
  local kept = redis.call("HMGET", Keys.kept(s), member, unpack(names))
  local reliable = redis.call("HMGET", Keys.reliability(s), member, unpack(names))
  local fresh = s.now - s.rules.matching.repeat_ms
  local new = (tonumber(kept[1]) or 0) == 0
  for i, candidate in ipairs(found) do
    candidate.new = (tonumber(kept[i + 1]) or 0) == 0
    candidate.score = score(s.rules.matching.weights, mine, candidate.class, {
      reliability = {
        tonumber(reliable[1]) or UNKNOWN_RELIABILITY,
        tonumber(reliable[i + 1]) or UNKNOWN_RELIABILITY,
      },
      likes = candidate.likes,
      repeated = met[i] and tonumber(met[i]) > fresh,
      both_new = new and candidate.new,
    })
  end
end

-- What a pair is worth that stands already.
function Matching.worth(s, one, other)
  local class = Profiles.class(s, other.member, other)
  local found = { { id = other.id, member = other.member, class = class } }
  rate(s, one, Profiles.class(s, one.member, one), found)
  return found[1].score
end

local function by_number(a, b) return tonumber(a:sub(2)) < tonumber(b:sub(2)) end

-- The higher score, then the longer wait, then the earlier booking.
local function better(a, b)
  if a.score ~= b.score then return a.score > b.score end
  if a.created_ms ~= b.created_ms then return a.created_ms < b.created_ms end
  return by_number(a.id, b.id)
end

-- The best of candidates for whom every hard rule holds, or nil. Of one there is no choice to make.
function Matching.best_of(s, booking, mine, found)
  if #found > 1 then rate(s, booking, mine, found) end
  local chosen = found[1]
  for i = 2, #found do
    if better(found[i], chosen) then chosen = found[i] end
  end
  return chosen
end

local function best(s, booking)
  local mine = Profiles.class(s, booking.member, booking)
  local found = Pool.candidates(s, booking.member, booking, mine)
  if #found == 0 and s.rules.cross_lengths then found = Pool.across_lengths(s, booking, mine) end
  return Matching.best_of(s, booking, mine, found)
end

local function join(s, booking, pair, other)
  booking.state, booking.pair, booking.locked = MATCHED, pair.id, pair.locked
  booking.partner, booking.partner_booking = other.member, other.id
  if booking.gave_up then booking.gave_up, booking.gave_up_ms = "", 0 end -- made good
  if booking.free_to_cancel then booking.free_to_cancel = false end -- somebody else counts on them now
  if booking.left_ms and pair.locked then booking.left_ms = 0 end -- promised anew
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
-- chose it, and nothing but they part it; `how.by`: the one of them who did; `how.met_ms`: after T, by a
-- change of partners.
function Matching.pair_up(s, booking, other, how)
  how = how or {}
  Pool.leave(s, other)
  Pool.leave(s, booking)
  Lengths.agree(s, booking, other)
  local pair = Pairs.create(s, other, booking, how)
  join(s, booking, pair, other)
  join(s, other, pair, booking)
  -- Where names are told later, being able to write would tell them now.
  if Bookings.revealed(s, booking) then Relations.introduce(s, booking.member, other.member, pair) end
  if not pair.met_ms then Timers.watch(s, booking, other) end
  tell_matched(s, pair, other, booking, how.by)
  return pair
end

-- Give a booking that is in no pool and has no partner its place: beside the best waiter, in a pair that
-- can be made two, or in line. Nobody is paired for a session that has begun.
function Matching.place(s, booking)
  local coming = booking.start_ms > s.now
  if coming then Lengths.restore(s, booking) end
  local chosen = coming and best(s, booking)
  if chosen then return Matching.pair_up(s, booking, Bookings.load(s, chosen.id)) end
  if coming and Matching.improve(s, booking) then return end
  booking.state = WAITING
  Pool.enter(s, booking)
  Bookings.save(s, booking)
end

-- Whether a lock-in lasted longer than one may regret a booking. Else two friends could free each other of anybody:
-- one locks the other in and goes at once, and neither would have been late.
local function had_stood(s, pair)
  local since = redis.call("HGET", Keys.pair(s, pair), "locked_ms")
  return not since or s.now - tonumber(since) > s.rules.cancel_regret_ms
end

-- A parting says `why` (an `Unmatched` event's) and `by` whom: the member who chose it, or nobody. Who chose it
-- remembers whom they gave up, in case they cancel before anybody else is found; it frees only the other.

-- The booking loses its partner and stands where it stood before it had one: in no pool yet.
function Matching.set_free(s, booking, parting)
  local told = {
    booking = booking.id, member = booking.member, former = booking.partner, pair = booking.pair,
    start_ms = booking.start_ms, length_min = booking.length_min,
    why = parting.why, rematched = false, was_locked = booking.locked,
  }
  local chosen = parting.by == booking.member
  if chosen then booking.gave_up, booking.gave_up_ms = booking.pair, s.now end
  booking.state, booking.pair, booking.partner, booking.partner_booking = WAITING, "", "", ""
  -- Who was promised somebody, and was left, need not look for a stranger.
  booking.free_to_cancel = booking.locked and not chosen
  -- If one is found in this very call, nobody has asked them: then they may go for a while yet.
  if booking.free_to_cancel and booking.start_ms > s.now and had_stood(s, told.pair) then booking.left_ms = s.now end
  booking.locked, booking.class = false, ""
  Timers.unwatch(s, booking)
  Bookings.save(s, booking) -- at once: whoever looks through the slot in this call must not find the old pair
  tell(s, "unmatched", told)
  s.unmatched[booking.id] = told
end

function Matching.dissolve(s, pair) redis.call("HSET", Keys.pair(s, pair), "dissolved", "1") end

-- One goes: its partner is put back in line with the time it first came, and paired anew if it can. The one
-- who goes keeps its state: that is the caller's.
function Matching.release_partner(s, booking, parting)
  local other = Bookings.load(s, booking.partner_booking)
  Matching.dissolve(s, booking.pair)
  Matching.set_free(s, other, parting)
  Matching.place(s, other)
end

-- The two do not meet any more: both back in line, each paired anew if it can.
function Matching.part(s, booking, by)
  local parting = { by = by, why = "parted" }
  local other = Bookings.load(s, booking.partner_booking)
  Matching.dissolve(s, booking.pair)
  Matching.set_free(s, booking, parting)
  Matching.set_free(s, other, parting)
  Matching.place(s, booking)
  Matching.place(s, other)
end

-- The same without a place for either yet, so that the caller may see to somebody else first; gives the other.
function Matching.split(s, booking, parting)
  local other = Bookings.load(s, booking.partner_booking)
  Matching.dissolve(s, booking.pair)
  Matching.set_free(s, booking, parting)
  Matching.set_free(s, other, parting)
  return other
end

-- Somebody in line may go with others now: out of the line, and placed again.
function Matching.replace(s, booking)
  Pool.leave(s, booking)
  Matching.place(s, booking)
end
