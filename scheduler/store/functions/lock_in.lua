-- lock_in: take a place beside another member's booking, for good: nothing but one of the two parts them. Whom
-- they had been paired with by chance goes back in line with the time they first came, and is paired anew in
-- this call. An own booking of the slot is used as it is; other own ones in the way are given up if `replace`
-- names them. Two whom chance had paired already become locked, and nobody else hears of it.
--
-- KEYS  tag
-- ARGV  request, member, other, wish (msgpack, as for book), how (msgpack: invite, replace, holder)
-- gives the own booking; tells matched (locked) or locked; for the others unmatched, perhaps matched; cancelled
--       for what was replaced; pool_changed
-- refuses suspended, off_grid, bad_length, beyond_horizon, overlap, full; of `replace` not_found, already_over,
--         too_late, bad_field; too_late (T passed; a match is too close or begun to be broken), taken (locked or held
--         by others), not_available (everything about the other: who may not come never learns why)

local function taken_until(booking) return booking.start_ms + wished(booking) * MINUTE_MS end

-- Own live bookings that overlap the slot, from one look at the calendar.
local function own_in_the_way(s, member, wish)
  local from = wish.start_ms - s.rules.longest_min * MINUTE_MS
  local found = {}
  for _, booking in ipairs(Calendar.live(s, member, "(" .. from, "(" .. end_of(wish))) do
    if taken_until(booking) > wish.start_ms then found[#found + 1] = booking end
  end
  return found
end

local function same_slot(booking, wish)
  return booking.start_ms == wish.start_ms and booking.length_min == wish.length_min
end

local function set_of(list)
  local set = {}
  for _, each in ipairs(list) do set[each] = true end
  return set
end

-- Sorts them into the one that is used and those that are given up; refuses what is neither.
local function sort_own(s, in_the_way, wish, named)
  local own = { replaced = {} }
  for _, booking in ipairs(in_the_way) do
    if same_slot(booking, wish) and not booking.locked then
      own.used = booking
    elseif named[booking.id] then
      own.replaced[#own.replaced + 1] = booking
    else
      return refuse("overlap", "start", {
        booking = booking.id, start_ms = booking.start_ms, end_ms = taken_until(booking),
      })
    end
  end
  return own
end

local function fault_of_replace(s, member, replace, in_the_way)
  local overlapping = {}
  for _, booking in ipairs(in_the_way) do overlapping[booking.id] = true end
  for _, id in ipairs(replace) do
    local _, fault = Claims.to_give_up(s, member, id, "replace")
    if fault then return nil, fault end
    if not overlapping[id] then return refuse("bad_field", "replace", { why = "not_in_the_way" }) end
  end
end

local function fault_of_wish(s, member, wish)
  local _, fault = Claims.pause(s, member)
  if fault then return nil, fault end
  if wish.start_ms <= s.now then return refuse("too_late", "start", { start_ms = wish.start_ms }) end
  return Claims.fault_off_grid(s, wish)
end

-- Everything about the own side, which says nothing about the other's.
local function own_side(s, member, wish, how)
  local _, fault = fault_of_wish(s, member, wish)
  if fault then return nil, fault end
  local in_the_way = own_in_the_way(s, member, wish)
  _, fault = fault_of_replace(s, member, how.replace, in_the_way)
  if fault then return nil, fault end
  local own
  own, fault = sort_own(s, in_the_way, wish, set_of(how.replace))
  if own and not own.used then _, fault = Claims.room(s, member, #own.replaced) end
  if fault then return nil, fault end
  return own
end

local function refuse_firm(booking)
  return refuse("too_late", "start", { start_ms = booking.start_ms })
end

-- The other's booking; whatever is against it for this member is answered alike.
local function their_side(s, member, other, wish, how)
  local invite
  if how.invite ~= "" then
    invite = Invites.for_slot(s, how.invite, other, member, wish)
    if not invite then return refuse("not_available", "member") end
  end
  local theirs = Locking.find(s, other, wish)
  if not theirs or not Locking.open(s, other, member, invite) then return refuse("not_available", "member") end
  local mine = Profiles.class(s, member, wish)
  if not Profiles.compatible(mine, Profiles.class(s, other, theirs)) then
    return refuse("not_available", "member")
  end
  if theirs.locked or Locking.held(s, theirs, how.holder) then return refuse("taken", "start") end
  return { booking = theirs, invite = invite }
end

local function upgrade(s, member, mine, theirs)
  redis.call("HSET", Keys.pair(s, mine.pair), "locked", "1", "locked_ms", s.now)
  local pair = Pairs.answer(Pairs.load(s, mine.pair))
  for _, booking in ipairs({ mine, theirs }) do
    booking.locked, booking.free_to_cancel = true, false
    if booking.left_ms then booking.left_ms = 0 end
    Bookings.save(s, booking)
  end
  Relations.introduce(s, mine.member, theirs.member, mine)
  tell(s, "locked", { pair = pair.id, bookings = pair.bookings, members = pair.members, by = member })
end

-- Both out of wherever they stand; gives who was displaced, who came first being the first.
local function take_out(s, by, mine, theirs)
  local displaced = {}
  for _, booking in ipairs({ theirs, mine }) do
    if booking.state == MATCHED then
      displaced[#displaced + 1] = Matching.split(s, booking, { by = by, why = "locked_in" })
    else
      Pool.leave(s, booking)
    end
  end
  table.sort(displaced, function(a, b) return a.created_ms < b.created_ms end)
  return displaced
end

local function join_two(s, member, own, theirs, wish)
  local mine = own.used or Claims.make(s, member, wish)
  local displaced = take_out(s, member, mine, theirs)
  for _, booking in ipairs(own.replaced) do Claims.give_up(s, booking, "cancelled") end
  Matching.pair_up(s, mine, theirs, { locked = true, by = member })
  for _, booking in ipairs(displaced) do Matching.place(s, booking) end
  return mine
end

-- Asked for by both at once: the second finds done what they came for.
local function locked_already(s, member, other, wish)
  local mine = Locking.find(s, member, wish)
  return mine and mine.locked and mine.partner == other and mine
end

command("lock_in", function(s, member, other, packed_wish, packed_how)
  local wish, how = cmsgpack.unpack(packed_wish), cmsgpack.unpack(packed_how)
  local done = locked_already(s, member, other, wish)
  if done then return Bookings.answer(s, done) end

  local own, fault = own_side(s, member, wish, how)
  if fault then return nil, fault end
  local mine = own.used
  -- The settings of a booking that is there already count, not those of the wish.
  local found
  found, fault = their_side(s, member, other, mine or wish, how)
  if fault and fault.code == "not_available" then
    -- What was booked before the grid changed can be had; where there is nothing to have, the grid says so.
    local _, off_grid = Claims.off_grid(s, wish)
    fault = off_grid or fault
  end
  if fault then return nil, fault end
  local theirs = found.booking
  local together = mine and mine.partner_booking == theirs.id
  if not together then
    if mine and Locking.firm(s, mine) then return refuse_firm(mine) end
    if Locking.firm(s, theirs) then return refuse_firm(theirs) end
  end

  if found.invite then Invites.count_use(s, found.invite) end
  Locking.let_go(s, theirs)
  if together then
    for _, booking in ipairs(own.replaced) do Claims.give_up(s, booking, "cancelled") end
    upgrade(s, member, mine, theirs)
  else
    mine = join_two(s, member, own, theirs, wish)
  end
  return Bookings.answer(s, mine)
end)
