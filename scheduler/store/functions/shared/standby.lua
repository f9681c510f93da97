-- After T: who is in the room, who is alone there, and another partner for whoever wants one.
--
-- In the free list is who is here without a partner, or asked for another; in the list of those alone who
-- waits for an absent partner and may be asked. Two of the free list meet at once; whoever is alone has
-- `ask_ms` to answer, one after the other. The call that commits first decides every race.

local Standby = {}

local STALE_MS = 20000 -- who said nothing for this long is not here any more
local LOOKED_AT = 100
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

-- How long this booking's member has been away: 0 is here, nil was never here.
function Standby.away_ms(s, id, slot)
  local last = tonumber(redis.call("ZSCORE", Keys.here(s, slot.start_ms, slot.length_min), id) or nil)
  if not last then return nil end
  if last < 0 then return math.max(1, s.now + last) end
  return s.now - last < STALE_MS and 0 or s.now - last
end

local function is_here(s, booking) return Standby.away_ms(s, booking.id, booking) == 0 end

-- From when a member may be late, or ask for another partner.

-- A member whose session before ended at T comes from another room.
function Standby.late_after_ms(s, member, start_ms)
  local straight = Calendar.straight_before(s, member, start_ms)
  return straight and s.rules.zero_gap_late_ms or s.rules.late_ms
end

-- Whoever came late themselves waits a while first, unless the partner is a no-show by then. A partner
-- who was here may come back for a while.
local function change_from(s, booking, away_ms)
  local rules, now = s.rules, s.now
  local joined = Pairs.joined(s, booking.pair, booking.member) or now
  local waited = math.min(joined + rules.partner_gone_ms, booking.start_ms + rules.no_show_ms)
  local late = booking.start_ms + Standby.late_after_ms(s, booking.partner, booking.start_ms)
  local back = away_ms and now - away_ms + rules.partner_gone_ms or 0
  return math.max(late, waited, back)
end

-- Why this booking's member may not have another partner now: code and data, or nil.
function Standby.obstacle(s, booking)
  if not Bookings.live(booking) or s.now >= end_of(booking) then return "already_over" end
  if s.now < booking.start_ms then return "not_yet", { from_ms = booking.start_ms } end
  if booking.state == WAITING then return nil end
  local away = Standby.away_ms(s, booking.partner_booking, booking)
  if away == 0 then return "partner_here" end
  local from = change_from(s, booking, away)
  if s.now < from then return "not_yet", { from_ms = from } end
end

-- What is asked of whom.

local function load_search(s, id) return load_record(Keys.search(s, id)) end
local function load_asked(s, id) return load_record(Keys.asked(s, id)) end

local function open_ask(s, booking, by, newcomer)
  local until_ms = s.now + s.rules.ask_ms
  local key = Keys.asked(s, booking.id)
  redis.call("HSET", key, "by", by.id, "newcomer", newcomer and 1 or 0, "until_ms", until_ms)
  redis.call("PEXPIRE", key, LATER_MS)
  redis.call("ZADD", Keys.timers(s), until_ms, "ask:" .. booking.id)
  tell(s, "asked", {
    booking = booking.id, member = booking.member, by = by.member, newcomer = newcomer,
    until_ms = until_ms,
  })
  return until_ms
end

local function close_ask(s, booking)
  redis.call("DEL", Keys.asked(s, booking.id))
  redis.call("ZREM", Keys.timers(s), "ask:" .. booking.id)
  tell(s, "ask_over", { booking = booking.id, member = booking.member })
end

-- Whoever asked goes on to ask the next, when everything else of this call is done.
local function ask_on(s, id) s.askers[#s.askers + 1] = id end

local function withdraw(s, booking)
  local asked = load_asked(s, booking.id)
  if not asked then return end
  close_ask(s, booking)
  if asked.newcomer == "0" and redis.call("EXISTS", Keys.search(s, asked.by)) == 1 then
    redis.call("HSET", Keys.search(s, asked.by), "asked", "")
    ask_on(s, asked.by)
  end
end

function Standby.end_search(s, booking)
  local search = load_search(s, booking.id)
  if not search then return end
  redis.call("DEL", Keys.search(s, booking.id), Keys.tried(s, booking.id))
  if present(search.asked) then close_ask(s, Bookings.load(s, search.asked)) end
end

-- Out of both lists; nothing is asked of or for this booking any more.
function Standby.forget(s, booking)
  local start, length = booking.start_ms, booking.length_min
  redis.call("ZREM", Keys.free(s, start, length), booking.id)
  redis.call("ZREM", Keys.alone(s, start, length), booking.id)
  Standby.end_search(s, booking)
  withdraw(s, booking)
end

-- Looking for somebody.

local function is_new(s, member)
  return (tonumber(redis.call("HGET", Keys.kept(s), member) or nil) or 0) == 0
end

-- Of the list, who is here and may meet the member: as candidates with their booking and search.
local function gather(s, key, booking, mine, suits)
  local found = {}
  for _, id in ipairs(redis.call("ZRANGE", key, 0, LOOKED_AT - 1)) do
    local other = id ~= booking.id and Bookings.load(s, id)
    if other and Bookings.live(other) and is_here(s, other) and other.member ~= booking.member then
      local class = Profiles.class(s, other.member, other)
      local candidate = {
        id = id, member = other.member, class = class, created_ms = other.created_ms,
        booking = other, search = load_search(s, id), new = is_new(s, other.member),
      }
      if Profiles.compatible(mine, class) and suits(candidate)
        and redis.call("SISMEMBER", Keys.avoided(s, booking.member), other.member) == 0 then
        found[#found + 1] = candidate
      end
    end
  end
  return found
end

local function may_go(s, candidate)
  if candidate.booking.locked and not (candidate.search and candidate.search.locked) then return false end
  return Standby.obstacle(s, candidate.booking) == nil
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

local function gather_free(s, booking, mine)
  local key = Keys.free(s, booking.start_ms, booking.length_min)
  return gather(s, key, booking, mine, function(candidate) return may_go(s, candidate) end)
end

local function gather_alone(s, booking, mine)
  local key = Keys.alone(s, booking.start_ms, booking.length_min)
  return gather(s, key, booking, mine, function(candidate)
    return candidate.booking.state == MATCHED and not candidate.search and may_go(s, candidate)
      and redis.call("EXISTS", Keys.asked(s, candidate.id)) == 0
      and redis.call("SISMEMBER", Keys.tried(s, booking.id), candidate.id) == 0
  end)
end

-- Meeting.

local function log_seen(s, pair, member, id, seen)
  if redis.call("SADD", Keys.seen(s, pair), id) == 0 then return end
  redis.call("RPUSH", Keys.log(s, pair), cmsgpack.pack({
    id = id, member = member, seen = seen, at_ms = s.now, witness = "hub",
  }))
  redis.call("HSETNX", Keys.pair(s, pair), "joined:" .. member, s.now)
end

-- Leave a pair whose other is absent: that one is back in line, and judged by this pair at its end.
local function go_on(s, booking)
  if booking.state ~= MATCHED then return end
  local absent, pair = Bookings.load(s, booking.partner_booking), booking.pair
  redis.call("HSET", Keys.pair(s, pair), "parted_ms", s.now, "parted_by", booking.member)
  Timers.closing(s, { id = pair, start_ms = booking.start_ms, length_min = booking.length_min })
  Timers.unwatch(s, booking)
  s.unmatched[booking.id] = { former = booking.partner }
  booking.state, booking.locked, booking.class = WAITING, false, ""
  Standby.forget(s, absent)
  Matching.set_free(s, absent, { by = booking.member, why = "replaced" })
  absent.missed = pair
  Pool.enter(s, absent)
  Bookings.save(s, absent)
end

local function meet(s, one, other)
  Standby.forget(s, one)
  Standby.forget(s, other)
  go_on(s, one)
  go_on(s, other)
  local pair = Matching.pair_up(s, one, other, { met_ms = s.now })
  for _, each in ipairs({ one, other }) do
    log_seen(s, pair.id, each.member, "met:" .. each.id, "join")
  end
end

local function ask(s, booking, search, candidate)
  redis.call("HSET", Keys.search(s, booking.id), "asked", candidate.id, "told", "0")
  search.asked = candidate.id
  return "asking", open_ask(s, candidate.booking, booking, false)
end

local function is_idle(s, id, search)
  return search and not present(search.asked) and redis.call("EXISTS", Keys.asked(s, id)) == 0
end

-- Whether a first-timer is welcome: asked once, of one who is not being asked and asks nobody.
local function may_question(s, id, search) return is_idle(s, id, search) and search.declined ~= "1" end

local function nobody(s, booking, search)
  if search and search.told ~= "1" then
    redis.call("HSET", Keys.search(s, booking.id), "told", "1")
    tell(s, "nobody_free", { booking = booking.id, member = booking.member })
  end
  return "nobody", 0
end

local function under_way(s, booking, search)
  if not search then return nil end
  if present(search.asked) then
    return "asking", tonumber((load_asked(s, search.asked) or {}).until_ms) or 0
  end
  local asked = load_asked(s, booking.id)
  if asked and asked.newcomer == "1" then return "newcomer", tonumber(asked.until_ms) end
end

-- The next thing to do for one of the free list; gives the outcome, and until when is asked.
function Standby.advance(s, booking)
  local search = load_search(s, booking.id)
  local outcome, until_ms = under_way(s, booking, search)
  if outcome then return outcome, until_ms end
  local mine = Profiles.class(s, booking.member, booking)
  local picky, own_first = choosy(s, booking, search), is_new(s, booking.member)
  local function welcome(candidate) return not (picky and candidate.new) end
  local function reluctant(candidate)
    return own_first and choosy(s, candidate.booking, candidate.search)
  end

  local free = gather_free(s, booking, mine)
  local chosen = Matching.best_of(s, booking, mine, only(free, function(candidate)
    return welcome(candidate) and not reluctant(candidate)
  end))
  if chosen then
    meet(s, booking, chosen.booking)
    return "found", 0
  end
  local alone = search and gather_alone(s, booking, mine) or {}
  chosen = Matching.best_of(s, booking, mine, only(alone, welcome))
  if chosen then return ask(s, booking, search, chosen) end
  local newcomer = free[1] or alone[1]
  if picky and newcomer and may_question(s, booking.id, search) then
    return "newcomer", open_ask(s, booking, newcomer.booking, true)
  end
  chosen = Matching.best_of(s, booking, mine, only(free, function(candidate)
    return reluctant(candidate) and may_question(s, candidate.id, candidate.search)
  end))
  if chosen then return "asking", open_ask(s, chosen.booking, booking, true) end
  return nobody(s, booking, search)
end

-- Somebody is alone now: the best of those who look asks at once.
local function offer(s, booking)
  local mine = Profiles.class(s, booking.member, booking)
  local seekers = only(gather_free(s, booking, mine), function(candidate)
    return is_idle(s, candidate.id, candidate.search)
  end)
  local chosen = Matching.best_of(s, booking, mine, seekers)
  if chosen then Standby.advance(s, chosen.booking) end
end

-- Whoever asked somebody that is out of reach asks the next. Last in a call.
function Standby.ask_on(s)
  while #s.askers > 0 do
    local booking = Bookings.load(s, table.remove(s.askers))
    if Bookings.live(booking) and redis.call("EXISTS", Keys.search(s, booking.id)) == 1 then
      Standby.advance(s, booking)
    end
  end
end

-- What changes it.

-- A member of a pair came: whoever waited for them need not look for anybody else.
function Standby.arrived(s, booking)
  Standby.mark(s, booking)
  if booking.state ~= MATCHED or s.now < booking.start_ms then return end
  Standby.forget(s, booking)
  Standby.forget(s, Bookings.load(s, booking.partner_booking))
end

local function note_return(s, booking)
  if not present(booking.missed or "") then return end
  local joined = Pairs.joined(s, booking.missed, booking.member)
  log_seen(s, booking.missed, booking.member, "back:" .. booking.id, joined and "rejoin" or "join")
end

local function enter(s, key, booking)
  return put(s, key, booking, "NX", s.now, booking.id)
end

-- A sign of life of a live booking's member.
function Standby.here(s, booking)
  local away = Standby.away_ms(s, booking.id, booking)
  if away == 0 then Standby.mark(s, booking) else Standby.arrived(s, booking) end
  if s.now < booking.start_ms or s.now >= end_of(booking) then return end
  local start, length = booking.start_ms, booking.length_min
  note_return(s, booking)
  if booking.state == WAITING then
    local new = enter(s, Keys.free(s, start, length), booking)
    if new or away ~= 0 then Standby.advance(s, booking) end
  elseif not booking.locked and not load_search(s, booking.id) and not Standby.obstacle(s, booking) then
    local new = enter(s, Keys.alone(s, start, length), booking)
    if new or away ~= 0 then offer(s, booking) end
  end
end

function Standby.gone(s, booking)
  local key = Keys.here(s, booking.start_ms, booking.length_min)
  if is_here(s, booking) then redis.call("ZADD", key, "XX", -s.now, booking.id) end
  Standby.forget(s, booking)
end

function Standby.seek(s, booking, newcomers, locked)
  local start, length = booking.start_ms, booking.length_min
  Standby.mark(s, booking)
  redis.call("ZREM", Keys.alone(s, start, length), booking.id)
  enter(s, Keys.free(s, start, length), booking)
  local key = Keys.search(s, booking.id)
  redis.call("HSETNX", key, "asked", "")
  redis.call("HSET", key, "newcomers", newcomers and 1 or 0, "locked", as_text(locked))
  redis.call("PEXPIRE", key, end_of(booking) - s.now + LATER_MS)
  return Standby.advance(s, booking)
end

-- Who looks no longer is free still, if without a partner.
function Standby.stop(s, booking)
  if booking.state == MATCHED then return Standby.forget(s, booking) end
  Standby.end_search(s, booking)
  withdraw(s, booking)
end

-- No, said or by saying nothing.
function Standby.decline(s, booking, asked)
  close_ask(s, booking)
  if asked.newcomer == "1" then
    redis.call("HSET", Keys.search(s, booking.id), "declined", "1")
    return ask_on(s, booking.id)
  end
  redis.call("SADD", Keys.tried(s, asked.by), booking.id)
  redis.call("PEXPIRE", Keys.tried(s, asked.by), end_of(booking) - s.now + LATER_MS)
  redis.call("HSET", Keys.search(s, asked.by), "asked", "")
  ask_on(s, asked.by)
end

-- Whether the two may still meet, asked the moment one says yes.
function Standby.may_meet(s, booking, seeker)
  local search = load_search(s, seeker.id)
  return search and is_here(s, seeker) and not Standby.obstacle(s, seeker)
    and not Standby.obstacle(s, booking)
    and Profiles.compatible(
      Profiles.class(s, booking.member, booking), Profiles.class(s, seeker.member, seeker))
    and redis.call("SISMEMBER", Keys.avoided(s, booking.member), seeker.member) == 0
end

function Standby.accept(s, booking, asked)
  if asked.newcomer == "0" then return meet(s, Bookings.load(s, asked.by), booking) end
  close_ask(s, booking)
  redis.call("HSET", Keys.search(s, booking.id), "newcomers", "1")
  ask_on(s, booking.id)
end

-- The time to answer is over.
function Standby.ask_due(s, id)
  local asked, booking = load_asked(s, id), Bookings.load(s, id)
  if not asked or not booking or tonumber(asked.until_ms) > s.now then return end
  Standby.decline(s, booking, asked)
  Standby.ask_on(s)
end
