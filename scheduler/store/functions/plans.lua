-- slot_bookings, claims, apply_plan: a slot as the optimiser sees it, and its changes made.
--
-- slot_bookings  KEYS tag  ARGV start, length   gives the ids of all live bookings there
-- claims         KEYS tag  ARGV booking...      gives a claim each (people as known, not only of this slot);
--                                               those that are over are left out
-- apply_plan     KEYS tag  ARGV step...         (msgpack: versions {booking: version}, pairs [[booking, booking]...])
--                                               gives whether each step was done; tells unmatched, matched
--
-- A step is a closed set of bookings of one coming slot: everybody whose partner changes is in it, with the
-- version that was seen. It is done whole or not at all, and only if every hard rule still holds, no pair
-- that changes is locked or has both in the room, and as many are matched after it as before.

query("slot_bookings", function(s, start, length)
  return redis.call("SMEMBERS", Keys.slot(s, start, length))
end)

local function claim(s, booking)
  local member, profile = booking.member, Profiles.load(s, booking.member)
  local since = "(" .. (s.now - s.rules.matching.repeat_ms)
  local matched = booking.state == MATCHED
  return {
    booking = booking.id, version = booking.version, member = member,
    partner_booking = present(booking.partner_booking) or cjson.null,
    locked = booking.locked or (matched and Pairs.together(s, booking)),
    messaged = matched and redis.call("HGET", Keys.pair(s, booking.pair), "messaged") == "1",
    gender = profile.gender, only_gender = profile.only_gender or cjson.null,
    quiet = booking.quiet, takes_quiet = booking.quiet or profile.accepts_quiet,
    task = booking.task, prefer_favourites = booking.prefer_favourites,
    reliability = tonumber(redis.call("HGET", Keys.reliability(s), member) or UNKNOWN_RELIABILITY),
    sessions_kept = tonumber(redis.call("HGET", Keys.kept(s), member) or nil) or 0,
    created_ms = booking.created_ms,
    avoided = redis.call("SMEMBERS", Keys.avoided(s, member)),
    favourites = redis.call("SMEMBERS", Keys.favourites(s, member)),
    friends = redis.call("SMEMBERS", Keys.friends(s, member)),
    met = redis.call("ZRANGEBYSCORE", Keys.met(s, member), since, "+inf"),
  }
end

register("claims", { "no-writes" }, function(s, args)
  local found = {}
  for _, id in ipairs(args) do
    local booking = Bookings.load(s, id)
    if booking and Bookings.live(booking) then found[#found + 1] = claim(s, booking) end
  end
  return reply("ok", found)
end)

-- The step's bookings by id, if each is as it was seen; the first says which slot it is.
local function load_step(s, step)
  local bookings, first, matched = {}, nil, 0
  for id, version in pairs(step.versions) do
    local booking = Bookings.load(s, id)
    if not booking or booking.version ~= version or not Bookings.live(booking) then return nil end
    first = first or booking
    if booking.start_ms ~= first.start_ms or booking.length_min ~= first.length_min then return nil end
    if booking.state == MATCHED then matched = matched + 1 end
    bookings[id] = booking
  end
  if not first or first.start_ms <= s.now then return nil end
  return bookings, matched
end

local function may_meet(s, one, other)
  return one and other and one.member ~= other.member
    and not Relations.pausing(s, one.member) and not Relations.pausing(s, other.member)
    and Profiles.compatible(Profiles.class(s, one.member, one), Profiles.class(s, other.member, other))
    and redis.call("SISMEMBER", Keys.avoided(s, one.member), other.member) == 0
end

-- Who is to meet whom, by booking; nil if somebody is named twice or may not.
local function read_pairs(s, step, bookings)
  local partner_of = {}
  for _, two in ipairs(step.pairs) do
    local a, b = two[1], two[2]
    if partner_of[a] or partner_of[b] or not may_meet(s, bookings[a], bookings[b]) then return nil end
    partner_of[a], partner_of[b] = b, a
  end
  return partner_of
end

-- Whoever loses a partner is here with that partner, and nothing binds the two.
local function may_change(s, bookings, partner_of)
  for id, booking in pairs(bookings) do
    if booking.state == MATCHED and partner_of[id] ~= booking.partner_booking then
      if not bookings[booking.partner_booking] or booking.locked or Pairs.together(s, booking) then
        return false
      end
    end
  end
  return true
end

local function checked(s, step)
  local bookings, matched = load_step(s, step)
  if not bookings then return nil end
  local partner_of = read_pairs(s, step, bookings)
  if not partner_of or 2 * #step.pairs < matched then return nil end
  if not may_change(s, bookings, partner_of) then return nil end
  return bookings, partner_of
end

local function in_order(bookings)
  local ids = {}
  for id in pairs(bookings) do ids[#ids + 1] = id end
  table.sort(ids, by_number)
  return ids
end

local function free_the_changed(s, bookings, partner_of, ids)
  local changed = {}
  for _, id in ipairs(ids) do
    local booking = bookings[id]
    if booking.state == WAITING or partner_of[id] ~= booking.partner_booking then
      changed[#changed + 1] = booking
      if booking.state == MATCHED then
        Matching.dissolve(s, booking.pair)
        Matching.set_free(s, booking, { why = "improved" })
      end
    end
  end
  return changed
end

-- Whoever is left over waits; and then goes to whoever else waits, as anybody who comes anew.
local function line_up(s, changed, partner_of)
  local left = {}
  for _, booking in ipairs(changed) do
    if not partner_of[booking.id] then
      left[#left + 1] = booking.id
      if booking.class == "" then
        Pool.enter(s, booking)
        Bookings.save(s, booking)
      end
    end
  end
  for _, id in ipairs(left) do
    local booking = Bookings.load(s, id)
    if booking.state == WAITING then Matching.replace(s, booking) end
  end
end

local function carry_out(s, bookings, partner_of)
  local changed = free_the_changed(s, bookings, partner_of, in_order(bookings))
  for _, booking in ipairs(changed) do
    local other = bookings[partner_of[booking.id]]
    if other and by_number(booking.id, other.id) then Matching.pair_up(s, booking, other) end
  end
  line_up(s, changed, partner_of)
end

change_many("apply_plan", function(s, args)
  local done = {}
  for i, packed in ipairs(args) do
    local bookings, partner_of = checked(s, cmsgpack.unpack(packed))
    if bookings then carry_out(s, bookings, partner_of) end
    done[i] = bookings ~= nil
  end
  return done
end)
