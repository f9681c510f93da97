-- Bringing two together after T. Two of the free list meet at once; whoever is alone is asked first. The call
-- that commits first decides every race.

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
  Timers.closing(s, pair, booking)
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
    Bookings.note_joined(s, each.id, pair.id)
  end
end

local function ask(s, booking, search, candidate)
  redis.call("HSET", Keys.search(s, booking.id), "asked", candidate.id, "told", "0")
  search.asked = candidate.id
  return "asking", open_ask(s, candidate.booking, booking, false)
end

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

local LOOKS = 3 -- through a list, in one call; to go on takes two

local function look_on(s, id)
  local booking = Bookings.load(s, id)
  if not Bookings.live(booking) or redis.call("EXISTS", Keys.search(s, id)) == 0 then return end
  if (s.looks or 0) + 2 <= LOOKS then return Standby.advance(s, booking) end
  -- A timer that is due at once goes on with it.
  if not is_asked(s, id) then redis.call("ZADD", Keys.timers(s), s.now, ask_timer(id)) end
end

-- Whoever asked somebody that is out of reach asks the next. Last in a call.
function Standby.ask_on(s)
  while #s.askers > 0 do look_on(s, table.remove(s.askers)) end
end

-- The time to answer is over; or it is time to ask the next.
function Standby.ask_due(s, id)
  s.looks = 0
  local asked, booking = load_asked(s, id), Bookings.load(s, id)
  if not booking or (asked and tonumber(asked.until_ms) > s.now) then return end
  if asked then Standby.decline(s, booking, asked) else ask_on(s, id) end
  Standby.ask_on(s)
end

-- Whether the two may still meet, asked the moment one says yes.
function Standby.may_meet(s, booking, seeker)
  local search = load_search(s, seeker.id)
  return search and is_here(s, seeker) and not Standby.obstacle(s, seeker)
    and not Standby.obstacle(s, booking)
    and Profiles.compatible(
      Profiles.class(s, booking.member, booking), Profiles.class(s, seeker.member, seeker))
    and not Relations.avoid(s, booking.member, seeker.member)
end

function Standby.accept(s, booking, asked)
  if asked.newcomer == "0" then return meet(s, Bookings.load(s, asked.by), booking) end
  close_ask(s, booking)
  redis.call("HSET", Keys.search(s, booking.id), "newcomers", "1")
  ask_on(s, booking.id)
end

-- Coming and going.

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

-- A sign of life of a live booking's member.
function Standby.here(s, booking)
  local away = Standby.away_since_ms(s, booking.id, booking)
  if away == 0 then Standby.mark(s, booking) else Standby.arrived(s, booking) end
  if s.now < booking.start_ms or s.now >= end_of(booking) then return end
  local start, length = booking.start_ms, booking.length_min
  note_return(s, booking)
  if booking.state == WAITING then
    local new = enter_list(s, Keys.free(s, start, length), booking)
    if new or away ~= 0 then Standby.advance(s, booking) end
  elseif not booking.locked and not load_search(s, booking.id) and not Standby.obstacle(s, booking) then
    local new = enter_list(s, Keys.alone(s, start, length), booking)
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
  enter_list(s, Keys.free(s, start, length), booking)
  local key = Keys.search(s, booking.id)
  redis.call("HSETNX", key, "asked", "")
  redis.call("HSET", key, "newcomers", newcomers and 1 or 0, "locked", as_text(locked))
  redis.call("PEXPIRE", key, end_of(booking) - s.now + LATER_MS)
  return Standby.advance(s, booking)
end
