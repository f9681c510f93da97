-- write_message, read_thread, thread, threads: what two members write to each other. They may while they are
-- friends, and from their match until a while after the session; not while either keeps away from the
-- other, which reads like never having met.
--
-- write_message  KEYS tag  ARGV request, member, other, text   gives the line; tells written
--                                                              refuses bad_field, no_contact
-- read_thread    KEYS tag  ARGV member, other                  gives true
-- thread         KEYS tag  ARGV member, other                  gives the thread; refuses not_found
-- threads        KEYS tag  ARGV member                         gives each with its last line, newest first

local LINES_MAX, THREADS_SHOWN = 200, 100

-- Until when the two may write: nil without end, 0 if they may not.
local function open_until(s, member, other)
  if Relations.avoid(s, member, other) then return 0 end
  if Relations.friends(s, member, other) then return nil end
  local until_ms = tonumber(redis.call("ZSCORE", Keys.contacts(s, member), other) or 0)
  return until_ms > s.now and until_ms or 0
end

-- A pair that wrote to each other is broken last.
local function mark_pairs(s, member, other)
  for _, booking in ipairs(Calendar.live(s, member, "(" .. s.now, "+inf")) do
    if booking.partner == other then redis.call("HSET", Keys.pair(s, booking.pair), "messaged", "1") end
  end
end

command("write_message", function(s, member, other, text)
  if member == other then return refuse("bad_field", "member") end
  if text == "" then return refuse("bad_field", "text") end
  if open_until(s, member, other) == 0 then return refuse("no_contact", "member") end

  local id = "l" .. redis.call("HINCRBY", Keys.meta(s), "lines", 1)
  local line = { id = id, by = member, at_ms = s.now, text = text }
  local thread = Keys.thread(s, member, other)
  redis.call("RPUSH", thread, cmsgpack.pack(line))
  redis.call("LTRIM", thread, -LINES_MAX, -1)
  redis.call("ZADD", Keys.threads(s, member), s.now, other)
  redis.call("ZADD", Keys.threads(s, other), s.now, member)
  redis.call("HINCRBY", Keys.unread(s, other), member, 1)
  mark_pairs(s, member, other)
  tell(s, "written", { member = other, by = member })
  return line
end)

change("read_thread", function(s, member, other)
  redis.call("HDEL", Keys.unread(s, member), other)
  return true
end)

local function view(s, member, other, first)
  local lines = {}
  for i, packed in ipairs(redis.call("LRANGE", Keys.thread(s, member, other), first, -1)) do
    lines[i] = cmsgpack.unpack(packed)
  end
  return {
    member = other, lines = lines, open_until_ms = open_until(s, member, other),
    unread = tonumber(redis.call("HGET", Keys.unread(s, member), other) or 0),
  }
end

query("thread", function(s, member, other)
  local found = view(s, member, other, 0)
  if #found.lines == 0 and found.open_until_ms == 0 then return refuse("not_found", "member") end
  return found
end)

query("threads", function(s, member)
  local found = {}
  for i, other in ipairs(redis.call("ZREVRANGE", Keys.threads(s, member), 0, THREADS_SHOWN - 1)) do
    found[i] = view(s, member, other, -1)
  end
  return found
end)
