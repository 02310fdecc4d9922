/**
 * Charges and refunds of limits; twin of `settleLimit` in `resilience/limiters/decide-limits.ts`.
 *
 * Plan: as for `LIMITS_LOOK`, but of each limit `id, kind, x, y, amount, mark`, of a log `0, x, y, amount, mark`. An
 * amount above 0 is charged, one below 0 given back as far as the reservation that `mark` names still counts.
 */
export const SETTLE_LIMITS = `
do
  local t, keys = now - 1577836800000, p[at]
  at = at + 1
  for s = 0, keys - 1 do
    local record, ttl, count, value = values[key + s], tonumber(p[at]), p[at + 1], nil
    at = at + 2
    if count == 0 then
      local x, y, amount, mark = p[at], p[at + 1], p[at + 2], p[at + 3]
      at = at + 4
      local log = record or '\\0\\0\\0\\0\\0'
      while #log > 5 and look('<I5', log, 6) <= t - x do log = string.sub(log, 11) end
      local entries, total = (#log - 5) / 10, look('<I5', log, #log - 4)
      if amount > 0 then
        if amount > y then amount = y end
        local newest = entries > 0 and look('<I5', log, #log - 9) or 0
        if newest >= t then log = string.sub(log, 1, -11) else newest = t end
        value = log .. pack('<I5I5', newest, total + amount)
      else
        local low, high = 0, entries
        while low < high do
          local middle = (low + high) / 2
          middle = middle - middle % 1
          if look('<I5', log, 6 + middle * 10) < mark then low = middle + 1 else high = middle end
        end
        if low < entries and look('<I5', log, 6 + low * 10) == mark then
          local given, own = -amount, look('<I5', log, 11 + low * 10) - look('<I5', log, 1 + low * 10)
          if given > own then given = own end
          local parts = { string.sub(log, 1, 5 + low * 10) }
          for i = low, entries - 1 do
            local time, sum = look('<I5I5', log, 6 + i * 10)
            parts[i - low + 2] = pack('<I5I5', time, sum - given)
          end
          value = table.concat(parts)
        end
      end
    else
      local size, place, out = record and #record or 0, 1, ''
      for i = 1, count do
        local id, kind, x, y, amount, mark = p[at], p[at + 1], p[at + 2], p[at + 3], p[at + 4], p[at + 5]
        at = at + 6
        local a, b, c, found
        while place < size do
          if kind == 4 then found, a, b, c = look('<I2I3I3I4', record, place)
          else found, a, b = look('<I2i5I5', record, place) end
          if found == id then
            place = place + 12
            break
          end
          a = nil
          if found > id then break end
          out, place = out .. string.sub(record, place, place + 11), place + 12
        end
        if kind == 1 then
          if a then
            if t > b then
              a, b = a + (t - b) * x, t
              a = a - a % 1
            end
          else a, b = y, t end
          if a > y then a = y end
          if amount >= 0 then
            a = a - amount
            if a < -500000000000 then a = -500000000000 end
          else
            local given = -amount
            if now > mark then given = given - (now - mark) * x end
            given = given - given % 1
            if given > 0 then a = a + given end
            if a > y then a = y end
          end
          local full = (y - a) / x
          full = full - full % 1 + 1000
          if full > ttl then ttl = full end
        elseif kind == 2 then
          local ahead = a and b - t + a / 1048576 or 0
          if ahead < 0 then ahead = 0 end
          if amount >= 0 then
            ahead = ahead + amount
            if ahead > 8589934592 then ahead = 8589934592 end
          else
            local given = -amount
            if now > mark then given = given - (now - mark) end
            given = given * 1048576
            given = (given - given % 1) / 1048576
            if given > 0 then ahead = ahead - given end
            if ahead < 0 then ahead = 0 end
          end
          local whole = ahead - ahead % 1
          if whole + 1000 > ttl then ttl = whole + 1000 end
          a, b = (ahead - whole) * 1048576, t + whole
        elseif kind == 3 then
          local index = (now - now % x) / x
          if not a or index > b then a, b = 0, index end
          if amount > 0 or b == mark then a = a + amount end
          if a < 0 then a = 0 elseif a > 549755813887 then a = 549755813887 end
        else
          local index = (now - now % x) / x
          if not a or index > c + 1 then a, b, c = 0, 0, index
          elseif index > c then a, b, c = 0, a, index end
          if amount > 0 or mark == c then a = a + amount elseif mark == c - 1 then b = b + amount end
          if a < 0 then a = 0 elseif a > 16777215 then a = 16777215 end
          if b < 0 then b = 0 end
        end
        if kind == 4 then out = out .. pack('<I2I3I3I4', id, a, b, c) else out = out .. pack('<I2i5I5', id, a, b) end
      end
      value = place < size and out .. string.sub(record, place) or out
    end
    if value then
      local left = call('PTTL', KEYS[key + s])
      if left > ttl then ttl = left end
      call('SET', KEYS[key + s], value, 'PX', ttl)
    end
  end
end
`;
