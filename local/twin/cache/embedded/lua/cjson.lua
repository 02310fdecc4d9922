-- The `cjson` library that Redis and Valkey give to scripts. Reading is the host's work; numbers become floats, so that
-- a script computes with doubles as it does in Lua 5.1. Writing follows lua-cjson: 14 digits, `\/`, a table with nothing
-- but the indices from 1 on is an array, and an empty table an object.
local host_decode, null = ...
local type, error, tostring, select, next = type, error, tostring, select, next
local format, gsub, concat = string.format, string.gsub, table.concat
local huge = math.huge

local DEPTH_MAX = 1000
local SPARSE_RATIO, SPARSE_SAFE = 2, 10
local ESCAPES = {
  ['"'] = '\\"', ['\\'] = '\\\\', ['/'] = '\\/', ['\b'] = '\\b', ['\f'] = '\\f', ['\n'] = '\\n', ['\r'] = '\\r',
  ['\t'] = '\\t',
}

local function quoted(text)
  local escaped = gsub(text, '[%c"\\/\127]', function(char) return ESCAPES[char] or format('\\u%04x', char:byte()) end)
  return '"' .. escaped .. '"'
end

local function number_text(value)
  if value ~= value or value == huge or value == -huge then
    error('Cannot serialise number: must not be NaN or Infinity', 0)
  end
  return format('%.14g', value)
end

-- The highest index of an array; nil for an object.
local function array_length(value)
  local highest, count = 0, 0
  for key in next, value do
    if type(key) ~= 'number' or key < 1 or key % 1 ~= 0 then return nil end
    if key > highest then highest = key end
    count = count + 1
  end
  if count == 0 then return nil end
  if highest > count * SPARSE_RATIO and highest > SPARSE_SAFE then
    error('Cannot serialise table: excessively sparse array', 0)
  end
  return highest
end

local encode
local function encode_table(value, depth)
  if depth > DEPTH_MAX then error(format('Cannot serialise, excessive depth (%d)', depth), 0) end
  local parts, length = {}, array_length(value)
  if length then
    for index = 1, length do parts[index] = encode(value[index], depth) end
    return '[' .. concat(parts, ',') .. ']'
  end
  for key, item in next, value do
    local kind = type(key)
    if kind ~= 'string' and kind ~= 'number' then
      error('Cannot serialise table: table key must be a number or string', 0)
    end
    local name = kind == 'number' and '"' .. number_text(key) .. '"' or quoted(key)
    parts[#parts + 1] = name .. ':' .. encode(item, depth)
  end
  return '{' .. concat(parts, ',') .. '}'
end

function encode(value, depth)
  local kind = type(value)
  if kind == 'string' then return quoted(value) end
  if kind == 'number' then return number_text(value) end
  if kind == 'boolean' then return tostring(value) end
  if kind == 'nil' or value == null then return 'null' end
  if kind == 'table' then return encode_table(value, depth + 1) end
  error('Cannot serialise ' .. kind .. ': type not supported', 0)
end

return {
  null = null,
  decode = function(...)
    local text = ...
    if select('#', ...) ~= 1 then error("bad argument #1 to 'decode' (expected 1 argument)", 2) end
    return host_decode(tostring(text))
  end,
  encode = function(...)
    if select('#', ...) ~= 1 then error("bad argument #1 to 'encode' (expected 1 argument)", 2) end
    return encode((...), 0)
  end,
}
