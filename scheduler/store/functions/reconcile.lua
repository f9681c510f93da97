-- reconcile_bookings, reconcile_keys, reconcile_key: put right what is derived from bookings: calendars, slots,
-- pools, timers. A store that was restored or promoted may lack the last moments; the bookings decide.
-- With mend empty nothing is written, and what is wrong is counted all the same.
--
-- reconcile_bookings  KEYS tag  ARGV mend (1 or ""), first, last    what bookings b<first> to b<last> lack
--                     gives looked, calendars, slots, pools, timers, last_booking
-- reconcile_keys      KEYS tag  ARGV mend, cursor                   what is left over of bookings that are over;
--                     gives the same and cursor ("0" at the end), large (keys to look through one by one)
-- reconcile_key       KEYS tag  ARGV mend, key, cursor              the same for a part of one key

local ENTRIES_A_CALL = 300
local VERDICT_MS = 600000

local function counts() return { looked = 0, calendars = 0, slots = 0, pools = 0, timers = 0 } end

local function wrong(found, kind, mend, repair)
  found[kind] = found[kind] + 1
  if mend then repair() end
end

-- What a booking should have.

local function timer_due(s, found, mend, name, due)
  if tonumber(redis.call("ZSCORE", Keys.timers(s), name) or nil) == due then return end
  wrong(found, "timers", mend, function() redis.call("ZADD", Keys.timers(s), due, name) end)
end

-- A timer whose time has passed may have fired: only those to come must be there.
local function timer_to_come(s, found, mend, name, due)
  if due > s.now then timer_due(s, found, mend, name, due) end
end

-- One of the looks before somebody is late; a look that is due will set the next one itself.
local function look_due(s, found, mend, booking)
  local name = "late:" .. booking.id
  local at = tonumber(redis.call("ZSCORE", Keys.timers(s), name) or nil)
  if not at or at > s.now then timer_due(s, found, mend, name, Timers.next_look(s, booking.start_ms)) end
end

local function check_passes(s, booking, found, mend)
  local of = "plan:" .. booking.start_ms .. ":" .. booking.length_min
  local reveal, pass = s.rules.reveal_ms, s.rules.pass_ms
  if reveal then timer_to_come(s, found, mend, of .. ":reveal", booking.start_ms - reveal) end
  if pass ~= reveal then timer_to_come(s, found, mend, of .. ":pass", booking.start_ms - pass) end
end

local function check_calendar(s, booking, found, mend)
  local entry = booking.id .. ":" .. wished(booking)
  if not redis.call("ZSCORE", Keys.calendar(s, booking.member), entry) then
    wrong(found, "calendars", mend, function()
      redis.call("ZADD", Keys.calendar(s, booking.member), booking.start_ms, entry)
    end)
  end
  local slot = Keys.slot(s, booking.start_ms, booking.length_min)
  if redis.call("SISMEMBER", slot, booking.id) == 0 then
    wrong(found, "slots", mend, function() Slots.enter(s, booking) end)
  end
end

local function is_in_line(s, booking)
  local start, length, class = booking.start_ms, booking.length_min, booking.class
  return class == Profiles.class(s, booking.member, booking)
    and redis.call("ZSCORE", Keys.pool(s, start, length, class), booking.id .. ":" .. booking.member)
    and redis.call("SISMEMBER", Keys.classes(s, start, length), class) == 1
    and redis.call("ZSCORE", Keys.starts(s, length), start)
end

-- Also those whose class is read another way since the rules changed.
local function check_pool(s, booking, found, mend)
  if booking.state ~= WAITING or is_in_line(s, booking) then return end
  wrong(found, "pools", mend, function()
    Pool.leave(s, booking)
    Pool.enter(s, booking)
    Bookings.save(s, booking)
  end)
end

local function check_lateness(s, booking, found, mend)
  local got = redis.call("HMGET", Keys.pair(s, booking.pair), "met_ms", "joined:" .. booking.member)
  if got[1] or got[2] then return end
  local late = booking.start_ms + Standby.late_after_ms(s, booking.member, booking.start_ms)
  if s.now < booking.start_ms + s.rules.late_ms then
    look_due(s, found, mend, booking)
  elseif s.now < late then
    timer_due(s, found, mend, "late:" .. booking.id, late)
  else
    timer_to_come(s, found, mend, "noshow:" .. booking.id, booking.start_ms + s.rules.no_show_ms)
  end
end

local function check_live(s, booking, found, mend)
  check_calendar(s, booking, found, mend)
  check_pool(s, booking, found, mend)
  check_passes(s, booking, found, mend)
  timer_due(s, found, mend, "end:" .. booking.id, end_of(booking))
  local due, name = Timers.next_reminder(s, booking)
  if due then timer_due(s, found, mend, name, due) end
  if booking.state == MATCHED then check_lateness(s, booking, found, mend) end
end

-- A session that is over must come before the judge; one that is being judged just now is left alone.
local function check_verdict(s, id, found, mend)
  local pair = Pairs.load(s, id)
  if not pair or pair.dissolved or pair.settled > 0 then return end
  local due = end_of(pair) + s.rules.doors_close_ms
  if due > s.now or s.now > due + VERDICT_MS then timer_due(s, found, mend, "close:" .. id, due) end
end

local function check_booking(s, id, found, mend)
  local booking = Bookings.load(s, id)
  if not booking then return end
  found.looked = found.looked + 1
  if Bookings.live(booking) then check_live(s, booking, found, mend) end
  if booking.state == DONE and present(booking.pair) then check_verdict(s, booking.pair, found, mend) end
  if present(booking.missed or "") then check_verdict(s, booking.missed, found, mend) end
end

change("reconcile_bookings", function(s, mend, first, last)
  local found = counts()
  for number = tonumber(first), tonumber(last) do
    check_booking(s, "b" .. number, found, mend == "1")
  end
  found.last_booking = tonumber(redis.call("HGET", Keys.meta(s), "bookings") or 0)
  return found
end)

-- What no booking has any more.

local function live(s, id)
  local booking = Bookings.load(s, id)
  return booking and Bookings.live(booking) and booking or nil
end

local function in_calendar(s, entry, member)
  local booking = live(s, entry:match("^[^:]+"))
  return booking and booking.member == member and entry == booking.id .. ":" .. wished(booking)
end

local function in_slot(s, id, start, length)
  local booking = live(s, id)
  return booking and booking.start_ms == tonumber(start) and booking.length_min == tonumber(length)
end

local function in_pool(s, entry, start, length, class)
  local booking = live(s, entry:match("^(.-):"))
  return booking and booking.state == WAITING and booking.class == class
    and booking.start_ms == tonumber(start) and booking.length_min == tonumber(length)
end

local function class_waits(s, class, start, length)
  return redis.call("EXISTS", Keys.pool(s, start, length, class)) == 1
end

local function start_waits(s, start, length)
  return redis.call("EXISTS", Keys.classes(s, start, length)) == 1
end

local function is_matched(s, id)
  local booking = live(s, id)
  return booking and booking.state == MATCHED
end

local function is_open(s, id)
  local pair = Pairs.load(s, id)
  return pair and not pair.dissolved
end

local function asks(s, id) return is_asked(s, id) or redis.call("EXISTS", Keys.search(s, id)) == 1 end
local function always() return true end

local TIMERS = {
  ["end"] = live, remind10 = live, remind1 = live, late = is_matched, noshow = is_matched,
  close = is_open, ask = asks, plan = always, unsnooze = always,
  apart = always, refresh = always,
}

local function timer_stands(s, name)
  local kind, id = name:match("^(%w+):(.+)$")
  return TIMERS[kind] and TIMERS[kind](s, id)
end

-- A snooze that ends has its timer.
local function will_end(s, other, member)
  local until_ms = redis.call("ZSCORE", Keys.snoozed(s, member), other)
  return tonumber(until_ms) == 0
    or redis.call("ZSCORE", Keys.timers(s), snooze_timer(member, other)) == until_ms
end

local function let_end(s, other, member)
  local until_ms = redis.call("ZSCORE", Keys.snoozed(s, member), other)
  redis.call("ZADD", Keys.timers(s), until_ms, snooze_timer(member, other))
end

-- By the key's first word: the kind it counts as, how it is looked through and cut (or mended), how the rest
-- of its name reads, and whether an entry stands.
local KINDS = {
  cal = { "calendars", "ZSCAN", "ZREM", "^(.+)$", in_calendar },
  sl = { "slots", "SSCAN", "SREM", "^(%d+):(%d+)$", in_slot },
  w = { "pools", "ZSCAN", "ZREM", "^(%d+):(%d+):(.+)$", in_pool },
  wc = { "pools", "SSCAN", "SREM", "^(%d+):(%d+)$", class_waits },
  starts = { "pools", "ZSCAN", "ZREM", "^(%d+)$", start_waits },
  snooze = { "timers", "ZSCAN", let_end, "^(.+)$", will_end },
  timers = { "timers", "ZSCAN", "ZREM", "^()$", timer_stands },
}

local function kind_of(s, key)
  local word, rest = key:sub(#s.tag + 2):match("^(%a+):?(.*)$")
  return KINDS[word], rest
end

-- One part of a key: gives where the next begins, "0" at the end.
local function look_through(s, key, cursor, found, mend)
  local kind, rest = kind_of(s, key)
  local name, scan, cut, pattern, stands = unpack(kind)
  local step = scan == "ZSCAN" and 2 or 1
  local part = redis.call(scan, key, cursor, "COUNT", 100)
  for i = 1, #part[2], step do
    local entry = part[2][i]
    found.looked = found.looked + 1
    if not stands(s, entry, rest:match(pattern)) then
      wrong(found, name, mend, function()
        if type(cut) == "string" then return redis.call(cut, key, entry) end
        cut(s, entry, rest:match(pattern))
      end)
    end
  end
  return part[1]
end

change("reconcile_keys", function(s, mend, cursor)
  local found = counts()
  local part = redis.call("SCAN", cursor, "MATCH", Keys.every(s), "COUNT", 100)
  found.cursor, found.large = part[1], {}
  for _, key in ipairs(part[2]) do
    if kind_of(s, key) then
      local whole = found.looked < ENTRIES_A_CALL
        and look_through(s, key, "0", found, mend == "1") == "0"
      if not whole then found.large[#found.large + 1] = key end
    end
  end
  return found
end)

change("reconcile_key", function(s, mend, key, cursor)
  local found = counts()
  found.cursor = look_through(s, key, cursor, found, mend == "1")
  return found
end)
