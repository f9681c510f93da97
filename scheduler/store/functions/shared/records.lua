-- Bookings and pairs as hashes: text in the store, typed tables here. Absent ids are "" in the store.

local MINUTE_MS = 60000
local WAITING, MATCHED, CANCELLED, DONE = "waiting", "matched", "cancelled", "done"

local function as_number(value) return tonumber(value) end
local function is_one(value) return value == "1" end

-- How the text of a field reads; a field that is not named here is text.
local READ = {
  start_ms = as_number, length_min = as_number, created_ms = as_number, version = as_number, settled = as_number,
  held_until_ms = as_number, expires_ms = as_number, uses = as_number, wished_min = as_number,
  met_ms = as_number, locked_ms = as_number, parted_ms = as_number, gave_up_ms = as_number, left_ms = as_number,
  together_min = as_number,
  quiet = is_one, prefer_favourites = is_one, locked = is_one, dissolved = is_one,
  free_to_cancel = is_one, also_shorter = is_one, always = is_one, revoked = is_one, messaged = is_one,
}

local function load_record(key)
  local flat = redis.call("HGETALL", key)
  if #flat == 0 then return nil end
  local record = {}
  for i = 1, #flat, 2 do
    local field, read = flat[i], READ[flat[i]]
    if read then record[field] = read(flat[i + 1]) else record[field] = flat[i + 1] end
  end
  return record
end

-- Some fields of a record, where the whole would cost twice as much: their names, and how each reads.
local function part(names)
  local reads = {}
  for i = 1, #names do reads[i] = READ[names[i]] or false end -- there is no `ipairs` while loading
  return { names = names, reads = reads }
end

-- Nil if the first of them is not there.
local function load_part(key, fields)
  local got, reads = redis.call("HMGET", key, unpack(fields.names)), fields.reads
  if not got[1] then return nil end
  local record = {}
  for i, name in ipairs(fields.names) do
    local value, read = got[i], reads[i]
    if value then
      if read then record[name] = read(value) else record[name] = value end
    end
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

-- A booking as far as these fields go.
function Bookings.load_part(s, id, fields)
  local booking = load_part(Keys.booking(s, id), fields)
  if booking then booking.id = id end
  return booking
end

-- What only some bookings have.
local RARE = { "free_to_cancel", "wished_min", "missed", "gave_up", "gave_up_ms", "left_ms" }

-- Every change raises the version. Of a booking that is there already, only what can change is written.
function Bookings.save(s, booking)
  local key = Keys.booking(s, booking.id)
  booking.version = booking.version + 1
  if booking.version == 1 then return save_record(key, booking) end
  local flat = {
    "state", booking.state, "version", booking.version, "class", booking.class,
    "pair", booking.pair, "partner", booking.partner, "partner_booking", booking.partner_booking,
    "locked", as_text(booking.locked),
  }
  for _, field in ipairs(RARE) do
    if booking[field] ~= nil then
      flat[#flat + 1] = field
      flat[#flat + 1] = as_text(booking[field])
    end
  end
  redis.call("HSET", key, unpack(flat))
end

-- The end of a matched booking leaves everything as it is but the state.
function Bookings.save_done(s, booking)
  redis.call("HSET", Keys.booking(s, booking.id), "state", DONE, "version", booking.version + 1)
end

function Bookings.create(s, member, wish)
  return {
    id = "b" .. redis.call("HINCRBY", Keys.meta(s), "bookings", 1),
    member = member, start_ms = wish.start_ms, length_min = wish.length_min,
    state = WAITING, title = wish.title, quiet = wish.quiet, task = wish.task,
    prefer_favourites = wish.prefer_favourites, also_shorter = wish.also_shorter == true, created_ms = s.now, version = 0,
    pair = "", partner = "", partner_booking = "", locked = false, class = "",
  }
end

-- Its member was seen in the room of this pair; kept here too, where the end of a session looks for it.
function Bookings.note_joined(s, id, pair)
  redis.call("HSET", Keys.booking(s, id), "joined", pair)
end

function Bookings.live(booking) return booking.state == WAITING or booking.state == MATCHED end

-- Whether the two may know each other's names by now: lock-ins always.
function Bookings.revealed(s, booking)
  local before = s.rules.reveal_ms
  return not before or booking.locked or s.now >= booking.start_ms - before
end

-- What callers see: without the class, absent ids absent, and a partner only if names are known by now.
function Bookings.answer(s, booking)
  local answer = {}
  for field, value in pairs(booking) do answer[field] = value end
  local known = Bookings.revealed(s, booking)
  answer.class, answer.gave_up, answer.joined = nil, nil, nil
  answer.missed = booking.missed and present(booking.missed)
  answer.pair = known and present(booking.pair) or nil
  answer.partner = known and present(booking.partner) or nil
  answer.partner_booking = known and present(booking.partner_booking) or nil
  return answer
end

local Pairs = {}

function Pairs.load(s, id) return load_record(Keys.pair(s, id)) end

-- `how`: locked, met_ms.
function Pairs.create(s, first, second, how)
  local pair = {
    id = "p" .. redis.call("HINCRBY", Keys.meta(s), "pairs", 1),
    start_ms = first.start_ms, length_min = first.length_min,
    member_a = first.member, member_b = second.member,
    booking_a = first.id, booking_b = second.id,
    locked = how.locked == true, locked_ms = how.locked and s.now or nil,
    dissolved = false, settled = 0, met_ms = how.met_ms,
  }
  save_record(Keys.pair(s, pair.id), pair)
  return pair
end

function Pairs.has(pair, member) return pair.member_a == member or pair.member_b == member end

function Pairs.booking_of(pair, member)
  return member == pair.member_a and pair.booking_a or pair.booking_b
end

-- When this member was first seen in the room; nil if not yet.
function Pairs.joined(s, id, member)
  return tonumber(redis.call("HGET", Keys.pair(s, id), "joined:" .. member) or nil)
end

-- Whether one of the two was seen in the room: `booking` is matched.
function Pairs.begun(s, booking)
  local joined = redis.call("HMGET", Keys.pair(s, booking.pair),
    "joined:" .. booking.member, "joined:" .. booking.partner)
  return (joined[1] or joined[2]) and true or false
end

-- Whether both were seen in the room: they may be talking already.
function Pairs.together(s, booking)
  local joined = redis.call("HMGET", Keys.pair(s, booking.pair),
    "joined:" .. booking.member, "joined:" .. booking.partner)
  return (joined[1] and joined[2]) and true or false
end

function Pairs.answer(pair)
  return {
    id = pair.id, start_ms = pair.start_ms, length_min = pair.length_min,
    members = { pair.member_a, pair.member_b }, bookings = { pair.booking_a, pair.booking_b },
    locked = pair.locked, dissolved = pair.dissolved, settled = pair.settled > 0,
    met_ms = pair.met_ms, parted_ms = pair.parted_ms, parted_by = pair.parted_by,
    messaged = pair.messaged,
  }
end
