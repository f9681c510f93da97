-- Bookings and pairs as hashes: text in the store, typed tables here. Absent ids are "" in the store.

local MINUTE_MS = 60000
local WAITING, MATCHED, CANCELLED, DONE = "waiting", "matched", "cancelled", "done"

local NUMBERS = { start_ms = true, length_min = true, created_ms = true, version = true, settled = true }
local SWITCHES = { quiet = true, prefer_favourites = true, locked = true, dissolved = true }

local function load_record(key)
  local flat = redis.call("HGETALL", key)
  if #flat == 0 then return nil end
  local record = {}
  for i = 1, #flat, 2 do
    local field, value = flat[i], flat[i + 1]
    if NUMBERS[field] then value = tonumber(value) end
    if SWITCHES[field] then value = value == "1" end
    record[field] = value
  end
  return record
end

local function as_text(value)
  if value == true then return "1" elseif value == false then return "0" end
  return value
end

local function save_record(key, record)
  local flat = {}
  for field, value in pairs(record) do
    flat[#flat + 1] = field
    flat[#flat + 1] = as_text(value)
  end
  redis.call("HSET", key, unpack(flat))
end

local function present(value)
  if value == "" then return nil end
  return value
end

local function end_of(slot) return slot.start_ms + slot.length_min * MINUTE_MS end

local Bookings = {}

function Bookings.load(s, id) return load_record(Keys.booking(s, id)) end

-- Every change raises the version. Of a booking that is there already, only what can change is written.
function Bookings.save(s, booking)
  local key = Keys.booking(s, booking.id)
  booking.version = booking.version + 1
  if booking.version == 1 then return save_record(key, booking) end
  redis.call("HSET", key, "state", booking.state, "version", booking.version, "class", booking.class,
    "pair", booking.pair, "partner", booking.partner, "partner_booking", booking.partner_booking,
    "locked", as_text(booking.locked))
end

function Bookings.create(s, member, wish)
  return {
    id = "b" .. redis.call("HINCRBY", Keys.meta(s), "bookings", 1),
    member = member, start_ms = wish.start_ms, length_min = wish.length_min,
    state = WAITING, title = wish.title, quiet = wish.quiet, task = wish.task,
    prefer_favourites = wish.prefer_favourites, created_ms = s.now, version = 0,
    pair = "", partner = "", partner_booking = "", locked = false, class = "",
  }
end

function Bookings.live(booking) return booking.state == WAITING or booking.state == MATCHED end

-- What callers see: without the class, absent ids absent.
function Bookings.answer(booking)
  local answer = {}
  for field, value in pairs(booking) do answer[field] = value end
  answer.class = nil
  answer.pair = present(booking.pair)
  answer.partner = present(booking.partner)
  answer.partner_booking = present(booking.partner_booking)
  return answer
end

local Pairs = {}

function Pairs.load(s, id) return load_record(Keys.pair(s, id)) end

function Pairs.create(s, first, second, locked)
  local pair = {
    id = "p" .. redis.call("HINCRBY", Keys.meta(s), "pairs", 1),
    start_ms = first.start_ms, length_min = first.length_min,
    member_a = first.member, member_b = second.member,
    booking_a = first.id, booking_b = second.id,
    locked = locked == true, dissolved = false, settled = 0,
  }
  save_record(Keys.pair(s, pair.id), pair)
  return pair
end

function Pairs.has(pair, member) return pair.member_a == member or pair.member_b == member end

function Pairs.answer(pair)
  return {
    id = pair.id, start_ms = pair.start_ms, length_min = pair.length_min,
    members = { pair.member_a, pair.member_b }, bookings = { pair.booking_a, pair.booking_b },
    locked = pair.locked, dissolved = pair.dissolved, settled = pair.settled > 0,
  }
end
