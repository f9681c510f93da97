-- Searches for another partner, and what is asked of whom. Whoever is alone has `ask_ms` to answer, one after
-- the other; whoever asked goes on to the next when everything else of a call is done.

local function load_search(s, id) return load_record(Keys.search(s, id)) end
local function load_asked(s, id) return load_record(Keys.asked(s, id)) end

local function ask_timer(id) return "ask:" .. id end

local function open_ask(s, booking, by, newcomer)
  local until_ms = s.now + s.rules.ask_ms
  local key = Keys.asked(s, booking.id)
  redis.call("HSET", key, "by", by.id, "newcomer", newcomer and 1 or 0, "until_ms", until_ms)
  redis.call("PEXPIRE", key, LATER_MS)
  redis.call("ZADD", Keys.timers(s), until_ms, ask_timer(booking.id))
  tell(s, "asked", {
    booking = booking.id, member = booking.member, by = by.member, newcomer = newcomer,
    until_ms = until_ms,
  })
  return until_ms
end

local function close_ask(s, booking)
  redis.call("DEL", Keys.asked(s, booking.id))
  redis.call("ZREM", Keys.timers(s), ask_timer(booking.id))
  tell(s, "ask_over", { booking = booking.id, member = booking.member })
end

local function is_asked(s, id) return redis.call("EXISTS", Keys.asked(s, id)) == 1 end

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
  leave_lists(s, booking)
  Standby.end_search(s, booking)
  withdraw(s, booking)
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

local function is_idle(s, id, search)
  return search and not present(search.asked) and not is_asked(s, id)
end

-- Whether a first-timer is welcome: asked once, of one who is not being asked and asks nobody.
local function may_question(s, id, search) return is_idle(s, id, search) and search.declined ~= "1" end
