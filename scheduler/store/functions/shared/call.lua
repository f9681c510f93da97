-- One call of the ledger: what it knows when it begins (tag, time, rules), what it does when it ends
-- (keeps the time from going back, appends its events), and how it answers.
--
-- Scripts do not roll back. So a function checks everything first, and answers `refuse(...)` before
-- its first write; from its first write on it cannot fail.

local DAY_MS = 86400000
local OUTBOX_MAX = 500000 -- far above the worst backlog: trimmed entries vanish from pending lists too

-- The store's time plus the offset that tests and the demo set, never before what was told already.
local function ledger_time(offset, last)
  local at = redis.call("TIME")
  local now = at[1] * 1000 + math.floor(at[2] / 1000) + (tonumber(offset) or 0)
  return math.max(now, tonumber(last) or 0)
end

-- The rules are the same in call after call: unpacked once.
local rules_packed, rules_unpacked

local function read_rules(packed)
  if packed ~= rules_packed then
    rules_packed, rules_unpacked = packed, cmsgpack.unpack(packed)
  end
  return rules_unpacked
end

local function open(tag)
  local s = { tag = tag, events = {}, pools = {}, profiles = {}, unmatched = {}, askers = {} }
  local meta = redis.call("HMGET", Keys.meta(s), "rules", "offset", "last")
  if not meta[1] then
    return nil, redis.error_reply("UNPREPARED no rules under this tag")
  end
  s.rules = read_rules(meta[1])
  s.now = ledger_time(meta[2], meta[3])
  return s
end

local BUDGET_S = 0.004 -- of CPU: the store answers nobody else meanwhile

-- Whether a call that can be gone on with in another has taken long enough, from its first asking on.
local function is_long(s)
  local now = os.clock()
  s.begun = s.begun or now
  return now - s.begun >= BUDGET_S
end

-- Remember an event for the outbox; `close` appends them in this order.
local function tell(s, event, fields)
  fields.event = event
  fields.at_ms = s.now
  s.events[#s.events + 1] = fields
end

-- Somebody began or ceased to wait at this slot; told once a call, after everything else. Nobody looks
-- for company in a session that has begun.
local function touch_pool(s, booking)
  if booking.start_ms <= s.now then return end
  local slot = booking.start_ms .. ":" .. booking.length_min
  if not s.pools[slot] then
    s.pools[slot] = true
    s.pools[#s.pools + 1] = { start_ms = booking.start_ms, length_min = booking.length_min }
  end
end

-- In this order; old entries are trimmed once a call.
local function append(s, events)
  local outbox = Keys.outbox(s)
  redis.call("XADD", outbox, "MAXLEN", "~", OUTBOX_MAX, "*", "e", cmsgpack.pack(events[1]))
  for i = 2, #events do redis.call("XADD", outbox, "*", "e", cmsgpack.pack(events[i])) end
end

local function close(s)
  if #s.pools + #s.events == 0 then return end
  for _, slot in ipairs(s.pools) do tell(s, "pool_changed", slot) end
  append(s, s.events)
  redis.call("HSET", Keys.meta(s), "last", s.now)
end

local function refuse(code, field, data)
  return nil, { code = code, field = field, data = data }
end

local function reply(status, answer)
  return { status, cmsgpack.pack(answer == nil and true or answer) }
end

local function register(name, flags, body)
  redis.register_function({
    function_name = name .. "_v1",
    flags = flags,
    callback = function(keys, args)
      local s, failure = open(keys[1])
      if not s then return failure end
      return body(s, args)
    end,
  })
end

-- A function that only reads: body(s, ...) -> answer, refusal.
local function query(name, body)
  register(name, { "no-writes" }, function(s, args)
    local answer, refusal = body(s, unpack(args))
    if refusal then return reply("refused", refusal) end
    return reply("ok", answer)
  end)
end

-- A function that may be called again without harm by its nature, with arguments without number:
-- body(s, args). They stay a table, because only some thousands fit on Lua's stack.
local function change_many(name, body)
  register(name, {}, function(s, args)
    local answer, refusal = body(s, args)
    if refusal then return reply("refused", refusal) end
    close(s)
    return reply("ok", answer)
  end)
end

-- The same with a few: body(s, ...).
local function change(name, body)
  change_many(name, function(s, args) return body(s, unpack(args)) end)
end

-- What a request asks for, in 40 letters; lengths go in, so that no two lists of arguments read alike.
local function wanted_by(args, from)
  local parts = {}
  for i = from, #args do parts[#parts + 1] = #args[i] .. ":" .. args[i] end
  return redis.sha1hex(table.concat(parts))
end

local DIGEST = 40

-- The first answer of a request, if it asked for the same; nobody gets the answer to another question.
local function replayed(earlier, wanted)
  if earlier:sub(1, DIGEST) == wanted then return { "replay", earlier:sub(DIGEST + 1) } end
  return reply("refused", { code = "other_request", field = "request_id" })
end

-- A member's command, ARGV request, member, ...: done once a request id. A repeat within a day gets
-- the first answer; a repeat of a refused one is judged anew, because nothing had changed. What is asked
-- for are the arguments from the third on; or from the one at `asked_at` on, if it was given.
local function command(name, body, asked_at)
  register(name, {}, function(s, args)
    local asked_from = args[asked_at or 3] and asked_at or 3
    local key, wanted = Keys.request(s, name, args[2], args[1]), wanted_by(args, asked_from)
    local earlier = redis.call("GET", key)
    if earlier then return replayed(earlier, wanted) end
    local answer, refusal = body(s, unpack(args, 2))
    if refusal then return reply("refused", refusal) end
    close(s)
    local done = reply("ok", answer)
    redis.call("SET", key, wanted .. done[2], "PX", DAY_MS)
    return done
  end)
end
