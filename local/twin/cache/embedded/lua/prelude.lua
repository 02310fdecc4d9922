-- Makes Lua 5.4 look like the Lua 5.1 that Redis and Valkey run, as far as scripts notice, and shuts scripts in.
-- Called once with the host's functions and two libraries; returns the environment of scripts and the handler of their errors.
-- What cannot be bridged: `..` writes a quotient that is a whole number as 5.0 (5.1 has no integers and writes 5),
-- and a large integer with all its digits (5.1 writes 14).

local host_call, host_pcall, host_sha1hex, struct, cjson = ...
local G, type, tostring, error, select, load = _G, type, tostring, error, select, load
local mathtype, tointeger, floor, ceil = math.type, math.tointeger, math.floor, math.ceil
local getinfo, getmetatable, setmetatable, rawset, next = debug.getinfo, getmetatable, setmetatable, rawset, next
local SCRIPT = '@user_script'

-- Numbers as 5.1 prints them: 14 digits, so that a script that loses digits there loses them here as well.
local format, gmatch, find = string.format, string.gmatch, string.find
local function printed(value)
  if type(value) == 'number' then return format('%.14g', value) end
  return value
end

G.tostring = function(...)
  if select('#', ...) == 0 then error("bad argument #1 to 'tostring' (value expected)", 2) end
  return tostring(printed((...)))
end

local WHOLE = { c = true, d = true, i = true, o = true, x = true, X = true }
local function truncated(value)
  if mathtype(value) ~= 'float' then return value end
  return tointeger(value < 0 and ceil(value) or floor(value)) or value
end
string.format = function(pattern, ...)
  -- Most patterns have none of the specifiers that differ.
  if not find(pattern, '[cdiosxX]') then return format(pattern, ...) end
  local values, position = { ... }, 0
  for spec in gmatch(pattern, '%%[%-+ #0-9.]*(.)') do
    if spec ~= '%' then
      position = position + 1
      if spec == 's' then values[position] = printed(values[position]) end
      if WHOLE[spec] then values[position] = truncated(values[position]) end
    end
  end
  return format(pattern, table.unpack(values, 1, select('#', ...)))
end

-- What 5.1 has and 5.4 has not.
G.unpack = table.unpack
table.getn = function(list) return #list end
table.maxn = function(list)
  local highest = 0
  for key in next, list do if type(key) == 'number' and key > highest then highest = key end end
  return highest
end
math.pow = function(base, exponent) return base ^ exponent end
math.log10 = function(value) return math.log(value, 10) end
math.mod = math.fmod

local redis = { LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3 }

-- The host's own functions, so that `return redis.call(…)` leaves the script's frame, and its line, on the stack.
redis.call = host_call
redis.pcall = host_pcall

redis.sha1hex = function(...)
  if select('#', ...) ~= 1 then error('wrong number of arguments', 2) end
  return host_sha1hex(tostring((...)))
end

local function single(field, convert)
  return function(...)
    local text = ...
    if select('#', ...) ~= 1 or type(text) ~= 'string' then
      return { err = 'ERR wrong number or type of arguments' }
    end
    return { [field] = convert(text) }
  end
end

redis.status_reply = single('ok', function(text) return text end)
redis.error_reply = single('err', function(text)
  if text:sub(1, 1) == '-' then text = text:sub(2) end
  return text:find(' ', 1, true) and text or 'ERR ' .. text
end)
redis.log = function() end
redis.replicate_commands = function() return true end
redis.set_repl = function() end
redis.setresp = function() end

-- Scripts share one Lua state, so nothing that they can reach may be changed.
local protected = {}
local function readonly(real)
  local proxy = setmetatable({}, {
    __index = real,
    __newindex = function() error('Attempt to modify a readonly table', 2) end,
    __pairs = function() return next, real, nil end,
    __metatable = false,
  })
  protected[proxy] = true
  return proxy
end

local environment = readonly(G)

G.rawset = function(target, key, value)
  if protected[target] then error('Attempt to modify a readonly table', 0) end
  return rawset(target, key, value)
end
G.load = function(chunk, name, _, scope) return load(chunk, name, 't', scope or environment) end
G.loadstring = G.load

local removed = { 'collectgarbage', 'debug', 'dofile', 'io', 'loadfile', 'os', 'package', 'print', 'require', 'utf8', 'warn' }
for _, name in next, removed do G[name] = nil end
getmetatable('').__metatable = false
string.dump = nil
G._G = environment
G._VERSION = 'Lua 5.1'
G.redis = readonly(redis)
G.struct = readonly(struct)
G.cjson = readonly(cjson)
G.server = G.redis
for _, name in next, { 'string', 'table', 'math', 'coroutine' } do G[name] = readonly(G[name]) end

setmetatable(G, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
})

-- An error as Redis reports it: always a table, with the line of the script where it happened.
local function on_error(problem)
  if type(problem) ~= 'table' then problem = { err = 'ERR ' .. tostring(problem) } end
  local level = 2
  while true do
    local info = getinfo(level, 'Sl')
    if info == nil then break end
    if info.source == SCRIPT then
      return { err = problem.err, place = SCRIPT .. ':' .. info.currentline }
    end
    level = level + 1
  end
  return { err = problem.err }
end

return environment, on_error
