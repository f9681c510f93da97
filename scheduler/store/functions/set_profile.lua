-- set_profile: what matching needs to know of a member. Bookings in line move to their new class and
-- are paired if they can be now; coming matches that a gender preference forbids now are dissolved.
-- A match that only "accepts quiet" would forbid now stays: it was promised; so does a lock-in when the member
-- is available to nobody any more. Of profiles with a version
-- an older one than the ledger has is passed over: calls of two processes may overtake each other.
--
-- KEYS  tag
-- ARGV  request, member, profile (msgpack: gender, only_gender, accepts_quiet, lockable), its version or nothing
-- gives true; tells unmatched, matched, pool_changed
-- refuses bad_field

command("set_profile", function(s, member, packed, version)
  local profile = cmsgpack.unpack(packed)
  local fault = Profiles.fault(profile)
  if fault then return refuse("bad_field", fault) end

  if version and tonumber(version) < Profiles.version(s, member) then return true end

  local before = Profiles.load(s, member)
  Profiles.save(s, member, profile, version)
  if Refresh.is_needed(before, Profiles.load(s, member)) then Refresh.go_through(s, member, 0) end
  return true
end)
