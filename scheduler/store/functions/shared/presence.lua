-- After T: who is in the room, and from when on a member may have another partner than the absent one.
--
-- The hub says at each seating, and every five seconds of who is alone, that somebody is here. In the free list is
-- who is here without a partner, or asked for another; in the list of those alone who waits for an absent
-- partner and may be asked. Everybody in one of the two has a card, so that a look through them loads nobody.

local Standby = {}

local STALE_MS = 20000 -- who said nothing for this long is not here any more
local LATER_MS = 3600000

-- Presence: the time of the last sign of life, below zero once the member went.

local function put(s, key, booking, ...)
  local new = redis.call("ZADD", key, ...)
  if new == 1 then redis.call("PEXPIRE", key, end_of(booking) - s.now + LATER_MS) end
  return new == 1
end

function Standby.mark(s, booking)
  local key = Keys.here(s, booking.start_ms, booking.length_min)
  put(s, key, booking, s.now, booking.id)
end

-- Since when somebody with this last sign has been away: 0 is here, nil was never here.
local function away_since(s, last)
  if not last then return nil end
  if last < 0 then return -last end
  return s.now - last < STALE_MS and 0 or last
end

-- Since when this booking's member has been away.
function Standby.away_since_ms(s, id, slot)
  local key = Keys.here(s, slot.start_ms, slot.length_min)
  return away_since(s, tonumber(redis.call("ZSCORE", key, id) or nil))
end

local function is_here(s, booking) return Standby.away_since_ms(s, booking.id, booking) == 0 end

-- The two lists.

local CLASS_LETTERS = 6

local function make_card(s, booking)
  return Profiles.class(s, booking.member, booking) .. booking.member
end

-- Class and member.
local function read_card(card)
  if card then return card:sub(1, CLASS_LETTERS), card:sub(CLASS_LETTERS + 1) end
end

-- Gives whether the booking was not in this list yet.
local function enter_list(s, key, booking)
  local cards = Keys.cards(s, booking.start_ms, booking.length_min)
  if redis.call("HSET", cards, booking.id, make_card(s, booking)) == 1 then
    redis.call("PEXPIRE", cards, end_of(booking) - s.now + LATER_MS)
  end
  return put(s, key, booking, "NX", s.now, booking.id)
end

local function leave_lists(s, booking)
  local start, length = booking.start_ms, booking.length_min
  redis.call("ZREM", Keys.free(s, start, length), booking.id)
  redis.call("ZREM", Keys.alone(s, start, length), booking.id)
  redis.call("HDEL", Keys.cards(s, start, length), booking.id)
end

-- From when a member may be late, or ask for another partner.

-- A member whose session before ended at T comes from another room.
function Standby.late_after_ms(s, member, start_ms)
  local straight = Calendar.straight_before(s, member, start_ms)
  return straight and s.rules.zero_gap_late_ms or s.rules.late_ms
end

-- Whoever came late themselves waits a while first, unless the partner is a no-show by then. A partner
-- who was here may come back for a while. scheduler/standby.py `change_from_ms` is the same rule.
local function change_from(s, booking, away_since_ms)
  local rules = s.rules
  local joined = Pairs.joined(s, booking.pair, booking.member) or s.now
  local waited = math.min(joined + rules.partner_gone_ms, booking.start_ms + rules.no_show_ms)
  local late = booking.start_ms + Standby.late_after_ms(s, booking.partner, booking.start_ms)
  local back = away_since_ms and away_since_ms + rules.partner_gone_ms or 0
  return math.max(late, waited, back)
end

-- Why this booking's member may not have another partner now: code and data, or nil.
function Standby.obstacle(s, booking)
  if not Bookings.live(booking) or s.now >= end_of(booking) then return "already_over" end
  if s.now < booking.start_ms then return "not_yet", { from_ms = booking.start_ms } end
  if booking.state == WAITING then return nil end
  local away = Standby.away_since_ms(s, booking.partner_booking, booking)
  if away == 0 then return "partner_here" end
  local from = change_from(s, booking, away)
  if s.now < from then return "not_yet", { from_ms = from } end
end
