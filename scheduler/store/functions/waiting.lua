-- waiting, soonest: where a member could meet somebody.
--
-- waiting  KEYS tag  ARGV member, from_ms, to_ms, length_min, also_shorter, limit
--          gives slots (start_ms, length_min, members: the longest waiting first) from the coming starts
--          in [from, to), and `next`, the start to go on from, if the limit of starts was reached. Neither
--          the wish for quiet nor a task is known yet, so those are taken at their widest; the profile and
--          the blocks hold. Where lengths cross, a start has a slot for each length a session there would
--          have, the longest first
-- soonest  KEYS tag  ARGV member, wish (msgpack, as for book; its start says nothing)
--          gives the start of the next slot within a quarter of an hour where somebody waits who goes with
--          the wish, else of the nearest free slot on the grid; refuses bad_length, overlap

local SOON_MS = 15 * MINUTE_MS

local function longest_first(a, b)
  if a.created_ms ~= b.created_ms then return a.created_ms < b.created_ms end
  return tonumber(a.id:sub(2)) < tonumber(b.id:sub(2))
end

local function members_of(candidates)
  table.sort(candidates, longest_first)
  local members, seen = {}, {}
  for _, candidate in ipairs(candidates) do
    if not seen[candidate.member] then
      seen[candidate.member] = true
      members[#members + 1] = candidate.member
    end
  end
  return members
end

-- Some of the first starts at which anybody waits for one of these lengths.
local function starts_between(s, lengths, from, to, limit)
  local starts, seen = {}, {}
  for _, length in ipairs(lengths) do
    for _, at in ipairs(redis.call("ZRANGEBYSCORE", Keys.starts(s, length), from, to, "LIMIT", 0, limit)) do
      if not seen[at] then
        seen[at] = true
        starts[#starts + 1] = tonumber(at)
      end
    end
  end
  table.sort(starts)
  return starts
end

-- Who can be met at a slot, by how long the session would be: nobody's is longer than they wished.
local function by_session(s, member, slot, mine, lengths)
  local found = {}
  for _, length in ipairs(lengths) do
    local session = math.min(length, slot.length_min)
    local all = found[session] or {}
    for _, candidate in ipairs(Pool.of_length(s, member, slot, mine, length)) do all[#all + 1] = candidate end
    found[session] = all
  end
  return found
end

local function add_slots(slots, start, lengths, found)
  for _, length in ipairs(lengths) do
    local members = members_of(found[length] or {})
    if #members > 0 then slots[#slots + 1] = { start_ms = start, length_min = length, members = members } end
  end
end

query("waiting", function(s, member, from, to, packed_length, shorter, packed_limit)
  local length = tonumber(packed_length)
  local lengths = Pool.lengths(s, length)
  -- As many looks in all, however many lengths there are.
  local limit = math.max(1, math.floor(packed_limit / #lengths))
  local mine = Profiles.class(s, member, { quiet = false, task = "anything", also_shorter = shorter == "1" })
  local starts = starts_between(s, lengths, math.max(tonumber(from), s.now + 1), "(" .. to, limit + 1)
  local slots = {}
  for i = 1, math.min(#starts, limit) do
    local slot = { start_ms = starts[i], length_min = length }
    add_slots(slots, starts[i], lengths, by_session(s, member, slot, mine, lengths))
  end
  return { slots = slots, next = starts[limit + 1] }
end)

local function free(s, member, start, length)
  return not Calendar.in_the_way(s, member, start, start + length * MINUTE_MS)
end

local function anybody(s, member, slot, mine, lengths)
  for _, length in ipairs(lengths) do
    if #Pool.of_length(s, member, slot, mine, length) > 0 then return true end
  end
  return false
end

-- The wish as it will be booked: whoever is found here goes with it then.
local function with_company(s, member, wish)
  local mine, lengths = Profiles.class(s, member, wish), Pool.lengths(s, wish.length_min)
  for _, start in ipairs(starts_between(s, lengths, "(" .. s.now, s.now + SOON_MS, 100)) do
    local slot = { start_ms = start, length_min = wish.length_min }
    if free(s, member, start, wish.length_min) and anybody(s, member, slot, mine, lengths) then return start end
  end
end

-- From obstacle to obstacle, so that a full calendar costs one look a booking.
local function nearest_free(s, member, length)
  local grid = s.rules.grid_ms
  local start = (math.floor(s.now / grid) + 1) * grid
  while start <= s.now + s.rules.horizon_ms do
    local obstacle = Calendar.in_the_way(s, member, start, start + length * MINUTE_MS)
    if not obstacle then return start end
    start = math.ceil(obstacle.end_ms / grid) * grid
  end
end

query("soonest", function(s, member, packed)
  local wish = cmsgpack.unpack(packed)
  if not offered(s, wish.length_min) then return refuse_length(s) end
  local start = with_company(s, member, wish) or nearest_free(s, member, wish.length_min)
  if not start then return refuse("overlap", "start") end
  return start
end)
