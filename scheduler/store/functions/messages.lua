-- write_message, read_thread, thread, threads: what two members write to each other. They may while they are
-- friends, and from when they know who meets until a while after the session. Whoever keeps away from the other does not
-- write to them. Whom somebody keeps away from sees nothing of it: what they write they see themselves, it is
-- told to nobody, and the other never reads it.
--
-- write_message  KEYS tag  ARGV request, member, other, text   gives the line; tells written
--                                                              refuses bad_field, no_contact
-- read_thread    KEYS tag  ARGV member, other                  gives true
-- thread         KEYS tag  ARGV member, other                  gives the thread; refuses not_found
-- threads        KEYS tag  ARGV member                         gives each with its last line, newest first

local LINES_MAX, THREADS_SHOWN = 200, 100

-- Until when the member may write, as far as they know: nil without end, 0 if they may not.
local function open_until(s, member, other)
  if Relations.keeps_away(s, member, other) then return 0 end
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

local function add_line(key, line)
  redis.call("RPUSH", key, cmsgpack.pack(line))
  redis.call("LTRIM", key, -LINES_MAX, -1)
end

command("write_message", function(s, member, other, text)
  if member == other then return refuse("bad_field", "member") end
  if text == "" then return refuse("bad_field", "text") end
  if open_until(s, member, other) == 0 then return refuse("no_contact", "member") end

  local id = "l" .. redis.call("HINCRBY", Keys.meta(s), "lines", 1)
  local line = { id = id, by = member, at_ms = s.now, text = text }
  redis.call("ZADD", Keys.threads(s, member), s.now, other)
  if Relations.avoid(s, member, other) then
    add_line(Keys.unheard(s, member, other), line)
    return line
  end
  add_line(Keys.thread(s, member, other), line)
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

local function number_of(line) return tonumber(line.id:sub(2)) end

-- The newest lines as this member knows them: those of both, and the own ones that nobody else reads.
local function newest(s, member, other, most)
  local lines = {}
  for _, key in ipairs({ Keys.thread(s, member, other), Keys.unheard(s, member, other) }) do
    for _, packed in ipairs(redis.call("LRANGE", key, -most, -1)) do
      lines[#lines + 1] = cmsgpack.unpack(packed)
    end
  end
  table.sort(lines, function(a, b) return number_of(a) < number_of(b) end)
  while #lines > most do table.remove(lines, 1) end
  return lines
end

local function view(s, member, other, most)
  return {
    member = other, lines = newest(s, member, other, most), open_until_ms = open_until(s, member, other),
    unread = tonumber(redis.call("HGET", Keys.unread(s, member), other) or 0),
  }
end

query("thread", function(s, member, other)
  local found = view(s, member, other, LINES_MAX)
  if #found.lines == 0 and found.open_until_ms == 0 then return refuse("not_found", "member") end
  return found
end)

query("threads", function(s, member)
  local found = {}
  for i, other in ipairs(redis.call("ZREVRANGE", Keys.threads(s, member), 0, THREADS_SHOWN - 1)) do
    found[i] = view(s, member, other, 1)
  end
  return found
end)
