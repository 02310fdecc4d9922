-- The `struct` library that Redis and Valkey give to scripts, on top of Lua 5.4's string.pack. What differs: `l`, `L` and
-- `T` have 8 bytes as on the servers' 64-bit machines, `s` ends with a zero byte, `c0` takes a whole string or as many
-- bytes as the number before it says, numbers that do not fit lose their high bytes, and whole numbers come back as
-- floats, so that a script computes with doubles as it does in Lua 5.1.
local pack, unpack, size_of = string.pack, string.unpack, string.packsize
local tointeger, floor, ceil, min = math.tointeger, math.floor, math.ceil, math.min
local tonumber, tostring, error, select, type = tonumber, tostring, error, select, type

local INTEGERS = { b = 1, B = 1, h = 2, H = 2, i = 4, I = 4, l = 8, L = 8, T = 8 }
local UNSIGNED = { B = true, H = true, I = true, L = true, T = true }
local SIZE_MAX = 16

-- A format as a list of steps, each with the native format of one value; steps without a value are part of the next.
local function parse(format)
  local steps, order, align, place = {}, '<', 1, 1
  while place <= #format do
    local option = format:sub(place, place)
    local digits = format:match('^%d+', place + 1) or ''
    place = place + 1
    local takes_size = option == 'i' or option == 'I' or option == 'c' or option == '!'
    if takes_size then place = place + #digits end
    local size = tonumber(digits)
    if option == '<' or option == '>' then order = option
    elseif option == '!' then align = size or 8
    elseif option == ' ' then -- nothing
    elseif option == 'x' then steps[#steps + 1] = { kind = 'pad', format = order .. 'x' }
    elseif INTEGERS[option] then
      local bytes = takes_size and size or INTEGERS[option]
      if bytes < 1 or bytes > SIZE_MAX then
        error(("integral size %d is larger than limit of %d"):format(bytes, SIZE_MAX), 3)
      end
      local mask = bytes < 8 and (1 << bytes * 8) - 1 or -1
      steps[#steps + 1] = {
        kind = 'integer', mask = mask, unsigned = UNSIGNED[option] or false, align = min(bytes, align),
        format = order .. (UNSIGNED[option] and 'I' or 'i') .. bytes, raw = order .. 'I' .. bytes,
      }
    elseif option == 'f' or option == 'd' then
      steps[#steps + 1] = { kind = 'float', align = min(option == 'f' and 4 or 8, align), format = order .. option }
    elseif option == 's' then steps[#steps + 1] = { kind = 'text', format = 'z' }
    elseif option == 'c' then steps[#steps + 1] = { kind = 'chars', size = size or 1 }
    else error("invalid format option '" .. option .. "'", 3) end
  end
  return steps
end

local cached, count = {}, 0
local function steps_of(format)
  local steps = cached[format]
  if steps == nil then
    steps = parse(format)
    -- Formats are written in scripts, and so few; one that computes them must not fill the memory.
    if count > 500 then cached, count = {}, 0 end
    cached[format], count = steps, count + 1
  end
  return steps
end

-- C's conversion of a double to 64 bits.
local function truncated(value)
  local whole = tointeger(value < 0 and ceil(value) or floor(value))
  if whole then return whole end
  return value >= 0 and value < 2 ^ 64 and tointeger(value - 2 ^ 63) ~ (1 << 63) or 1 << 63
end

local function argument(value, position, name, convert)
  local converted = convert(value)
  if converted == nil then
    error(("bad argument #%d to 'pack' (%s expected, got %s)"):format(position, name, type(value)), 3)
  end
  return converted
end

local function to_text(value)
  return (type(value) == 'string' or type(value) == 'number') and tostring(value) or nil
end

local struct = {}

function struct.pack(format, ...)
  local out, position = '', 1
  for _, step in ipairs(steps_of(format)) do
    local kind = step.kind
    if kind == 'pad' then out = out .. '\0'
    else
      local value = (select(position, ...))
      position = position + 1
      if step.align then out = out .. ('\0'):rep(-#out % step.align) end
      if kind == 'integer' then
        local whole = truncated(argument(value, position, 'number', tonumber)) & step.mask
        out = out .. pack(step.raw, whole)
      elseif kind == 'float' then out = out .. pack(step.format, argument(value, position, 'number', tonumber))
      else
        local text = argument(value, position, 'string', to_text)
        if kind == 'text' then out = out .. text .. '\0'
        else
          local size = step.size == 0 and #text or step.size
          if #text < size then error(("bad argument #%d to 'pack' (string too short)"):format(position), 2) end
          out = out .. text:sub(1, size)
        end
      end
    end
  end
  return out
end

function struct.unpack(format, data, start)
  local values, count, place = {}, 0, tointeger(start or 1)
  for _, step in ipairs(steps_of(format)) do
    local kind = step.kind
    if step.align then place = place + (1 - place) % step.align end
    local bytes
    if kind == 'chars' then
      bytes = step.size
      if bytes == 0 then
        if type(values[count]) ~= 'number' then error("format 'c0' needs a previous size", 2) end
        bytes, count = tointeger(values[count]), count - 1
      end
    elseif kind == 'text' then
      local ends = data:find('\0', place, true)
      if not ends then error('unfinished string in data', 2) end
      bytes = ends - place + 1
    else bytes = size_of(step.format) end
    if bytes < 0 or place + bytes - 1 > #data then error('data string too short', 2) end
    if kind == 'integer' then
      local value = unpack(step.format, data, place)
      value = value + 0.0
      if step.unsigned and value < 0 then value = value + 2 ^ 64 end
      count = count + 1
      values[count] = value
    elseif kind == 'float' then
      count = count + 1
      values[count] = (unpack(step.format, data, place))
    elseif kind == 'chars' then
      count = count + 1
      values[count] = data:sub(place, place + bytes - 1)
    elseif kind == 'text' then
      count = count + 1
      values[count] = data:sub(place, place + bytes - 2)
    end
    place = place + bytes
  end
  values[count + 1] = place
  return table.unpack(values, 1, count + 1)
end

function struct.size(format)
  local size = 0
  for _, step in ipairs(steps_of(format)) do
    if step.kind == 'text' or step.size == 0 then error('variable-size format', 2) end
    if step.align then size = size + -size % step.align end
    size = size + (step.size or size_of(step.format))
  end
  return size
end

return struct
