-- waiting, soonest: where a member could meet somebody. Neither the wish for quiet nor a task is known
-- yet, so those are taken at their widest; the profile and the blocks hold.
--
-- waiting  KEYS tag  ARGV member, from_ms, to_ms, length_min, limit
--          gives slots (start_ms, length_min, members: the longest waiting first) from the coming starts
--          in [from, to), and `next`, the start to go on from, if the limit of starts was reached
-- soonest  KEYS tag  ARGV member, length_min
--          gives the start of the next slot within a quarter of an hour where somebody compatible waits,
--          else of the nearest free slot on the grid; refuses bad_length, overlap

local SOON_MS = 15 * MINUTE_MS
local OPEN_WISH = { quiet = false, task = "anything" }

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

local function starts_between(s, length, from, to, limit)
  return redis.call("ZRANGEBYSCORE", Keys.starts(s, length), from, to, "LIMIT", 0, limit)
end

query("waiting", function(s, member, from, to, length, limit)
  local mine = Profiles.class(s, member, OPEN_WISH)
  local first = math.max(tonumber(from), s.now + 1)
  local starts = starts_between(s, length, first, "(" .. to, limit + 1)
  local slots = {}
  for i = 1, math.min(#starts, tonumber(limit)) do
    local slot = { start_ms = tonumber(starts[i]), length_min = tonumber(length) }
    slot.members = members_of(Pool.candidates(s, member, slot, mine))
    if #slot.members > 0 then slots[#slots + 1] = slot end
  end
  return { slots = slots, next = tonumber(starts[limit + 1]) }
end)

local function free(s, member, start, length)
  return not Calendar.in_the_way(s, member, start, start + length * MINUTE_MS)
end

local function with_company(s, member, length)
  local mine = Profiles.class(s, member, OPEN_WISH)
  for _, at in ipairs(starts_between(s, length, "(" .. s.now, s.now + SOON_MS, 100)) do
    local slot = { start_ms = tonumber(at), length_min = length }
    if free(s, member, slot.start_ms, length) and #Pool.candidates(s, member, slot, mine) > 0 then
      return slot.start_ms
    end
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

query("soonest", function(s, member, packed_length)
  local length = tonumber(packed_length)
  if not offered(s, length) then return refuse_length(s) end
  local start = with_company(s, member, length) or nearest_free(s, member, length)
  if not start then return refuse("overlap", "start") end
  return start
end)
