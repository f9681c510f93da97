-- Whom a member who is here without a partner may meet now, out of the two lists. A look reads cards first and
-- loads a few whom these say would do, so that it costs the same however many are there.

local LOOKED_AT = 200 -- cards
local LOADED = 12

local function is_new(s, member)
  return (tonumber(redis.call("HGET", Keys.kept(s), member) or nil) or 0) == 0
end

-- Who has kept sessions, changes partners, and has not said that a first-timer is welcome.
local function choosy(s, booking, search)
  return search ~= nil and search.newcomers ~= "1" and not is_new(s, booking.member)
end

local function only(found, suits)
  local left = {}
  for _, candidate in ipairs(found) do
    if suits(candidate) then left[#left + 1] = candidate end
  end
  return left
end

-- Of the list, who is here and would do by their cards.
local function in_sight(s, key, booking, mine)
  local start, length, found = booking.start_ms, booking.length_min, {}
  local ids = redis.call("ZRANGE", key, 0, LOOKED_AT - 1)
  if #ids == 0 then return found end
  local cards = redis.call("HMGET", Keys.cards(s, start, length), unpack(ids))
  local signs = redis.call("ZMSCORE", Keys.here(s, start, length), unpack(ids))
  for i, id in ipairs(ids) do
    local class, member = read_card(cards[i])
    if class and away_since(s, tonumber(signs[i] or nil)) == 0 and Profiles.compatible(mine, class) then
      found[#found + 1] = { id = id, member = member, class = class }
    end
  end
  return #found > 0 and without_avoided(s, booking.member, found) or found
end

-- For who is experienced, experienced ones first: the few who are loaded must not all be first-timers where
-- others are here.
local function experienced_first(s, booking, found)
  if #found == 0 or is_new(s, booking.member) then return found end
  local names = {}
  for i, candidate in ipairs(found) do names[i] = candidate.member end
  for i, kept in ipairs(redis.call("HMGET", Keys.kept(s), unpack(names))) do
    found[i].new = (tonumber(kept) or 0) == 0
  end
  local sorted = only(found, function(candidate) return not candidate.new end)
  for _, candidate in ipairs(found) do
    if candidate.new then sorted[#sorted + 1] = candidate end
  end
  return sorted
end

-- The first few of these for whom everything holds, with their booking and search. A card may be some seconds old.
local function loaded(s, found, mine, suits)
  local left = {}
  for i = 1, math.min(#found, LOADED) do
    local candidate = found[i]
    local booking = Bookings.load(s, candidate.id)
    if Bookings.live(booking) then
      candidate.booking, candidate.created_ms = booking, booking.created_ms
      candidate.class = Profiles.class(s, booking.member, booking)
      candidate.search = load_search(s, booking.id)
      if Profiles.compatible(mine, candidate.class) and suits(candidate) then left[#left + 1] = candidate end
    end
  end
  return left
end

local function may_go(s, candidate)
  if candidate.booking.locked and not (candidate.search and candidate.search.locked) then return false end
  return Standby.obstacle(s, candidate.booking) == nil
end

local function look_through(s, key, booking, mine, narrow, suits)
  s.looks = (s.looks or 0) + 1
  local found = narrow(in_sight(s, key, booking, mine))
  return loaded(s, experienced_first(s, booking, found), mine, suits)
end

local function gather_free(s, booking, mine)
  local key = Keys.free(s, booking.start_ms, booking.length_min)
  return look_through(s, key, booking, mine, function(found) return found end,
    function(candidate) return may_go(s, candidate) end)
end

-- Without those who are asked by anybody, or said no to this one: one look for all of them each.
local function not_asked(s, booking, found)
  if #found == 0 then return found end
  local ids, names = {}, {}
  for i, candidate in ipairs(found) do
    ids[i], names[i] = candidate.id, ask_timer(candidate.id)
  end
  local timers = redis.call("ZMSCORE", Keys.timers(s), unpack(names))
  local tried = redis.call("SMISMEMBER", Keys.tried(s, booking.id), unpack(ids))
  local left = {}
  for i, candidate in ipairs(found) do
    if not timers[i] and tried[i] == 0 then left[#left + 1] = candidate end
  end
  return left
end

local function gather_alone(s, booking, mine)
  local key = Keys.alone(s, booking.start_ms, booking.length_min)
  return look_through(s, key, booking, mine,
    function(found) return not_asked(s, booking, found) end,
    function(candidate)
      return candidate.booking.state == MATCHED and not candidate.search and may_go(s, candidate)
        and not is_asked(s, candidate.id)
    end)
end
