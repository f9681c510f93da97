-- here, gone, seek, answer, stop_seeking: another partner after T, for who is here without one.
--
-- here          KEYS tag  ARGV member, booking, lost (1 or "")
--                                                        said at seating and every five seconds after; lost: was
--                                                        here until now, and may come back; gives whether the
--                                                        booking is live; refuses not_found
-- gone          KEYS tag  ARGV booking                   the seat is empty; gives true; refuses not_found
-- seek          KEYS tag  ARGV request, member, booking, newcomers welcome (1 or ""), lock-in given up (1 or "")
--                                                        gives outcome, booking, until_ms; refuses not_found,
--                                                        already_over, not_yet, partner_here, needs_rematch
-- answer        KEYS tag  ARGV member, booking, yes (1 or "")
--                                                        gives the booking; refuses not_found (nothing is asked),
--                                                        partner_here, taken (the one who asked is not free any more)
-- stop_seeking  KEYS tag  ARGV member, booking           gives the booking; refuses not_found
-- all tell asked, ask_over, nobody_free; unmatched (why replaced) of absent partners, matched

local function own(s, member, id)
  local booking = Bookings.load(s, id)
  if not booking or booking.member ~= member then return refuse("not_found", "booking") end
  return booking
end

local function now_is(s, id) return Bookings.answer(s, Bookings.load(s, id)) end

change("here", function(s, member, id, lost)
  local booking, refusal = own(s, member, id)
  if not booking then return nil, refusal end
  if not Bookings.live(booking) then return false end
  if lost == "1" then Standby.arrived(s, booking) else Standby.here(s, booking) end
  Standby.ask_on(s)
  return true
end)

change("gone", function(s, id)
  local booking = Bookings.load(s, id)
  if not booking then return refuse("not_found", "booking") end
  Standby.gone(s, booking)
  Standby.ask_on(s)
  return true
end)

command("seek", function(s, member, id, newcomers, locked)
  local booking, refusal = own(s, member, id)
  if not booking then return nil, refusal end
  local code, data = Standby.obstacle(s, booking)
  if code then return refuse(code, "booking", data) end
  if booking.locked and locked ~= "1" then return refuse("needs_rematch", "locked") end
  local outcome, until_ms = Standby.seek(s, booking, newcomers == "1", locked == "1")
  Standby.ask_on(s)
  return { outcome = outcome, until_ms = until_ms, booking = now_is(s, id) }
end)

local function nothing_asked(s, booking)
  if Standby.obstacle(s, booking) == "partner_here" then return refuse("partner_here", "booking") end
  return refuse("not_found", "ask")
end

change("answer", function(s, member, id, yes)
  local booking, refusal = own(s, member, id)
  if not booking then return nil, refusal end
  local asked = load_record(Keys.asked(s, id))
  if not asked then return nothing_asked(s, booking) end
  if yes == "1" and asked.newcomer == "0"
    and not Standby.may_meet(s, booking, Bookings.load(s, asked.by)) then
    return refuse("taken", "ask")
  end
  if yes == "1" then Standby.accept(s, booking, asked) else Standby.decline(s, booking, asked) end
  Standby.ask_on(s)
  return now_is(s, id)
end)

change("stop_seeking", function(s, member, id)
  local booking, refusal = own(s, member, id)
  if not booking then return nil, refusal end
  Standby.stop(s, booking)
  Standby.ask_on(s)
  return now_is(s, id)
end)
