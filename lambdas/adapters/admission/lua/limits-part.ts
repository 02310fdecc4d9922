/**
 * All limits of a request, by all of their subjects; twin of `resilience/limiters/decide-limits.ts`. The first pass takes
 * what each limit admits. If one denies, a second pass only looks, so that the caller is shown states that nothing was
 * taken from. The same happens to a request that was refused before.
 *
 * Plan: number of keys, then of each `time to live, number of limits` and of each limit `id, kind, x, y, cost`, in
 * ascending order of ids. Kinds: 1 token bucket (x micro-tokens per ms, y micro-tokens), 2 GCRA (x unused, y ms of the
 * burst, cost in ms), 3 fixed window and 4 sliding window (x ms, y units); 10 more on a dry run. The record of a subject
 * has 12 bytes for each limit in ascending order of ids; those that the plan does not name are kept. A number of limits
 * of 0 stands for a sliding log: `kind (5), x, y, cost` follow, and the key has nothing but the log: total before
 * the first entry, then time and total of each. So the last total of what is dropped is where the base has to be.
 *
 * Reply: of each limit in the plan's order the 12 bytes that its record would have, of a log used units, time of the
 * newest and of the blocking entry; then of each limit on a dry run whether it was taken from.
 */
export const LIMITS_LOOK = `
local writes, ttls, limits, flags, taking = {}, {}, '', '', verdict == 0 or verdict == 3
do
  local t, keys, start, denied = now - 1577836800000, p[at], at + 1, false
  repeat
    at, limits, flags = start, '', ''
    for s = 0, keys - 1 do
      local record, ttl, count, spends = values[key + s], p[at], p[at + 1], false
      at = at + 2
      if count == 0 then
        local kind, x, y, cost = p[at], p[at + 1], p[at + 2], p[at + 3]
        at = at + 4
        local size = record and #record or 5
        local entries, dropped, used, newest, blocking = (size - 5) / 10, 0, 0, 0, 0
        local base, total = 0, 0
        if record then
          local high = entries
          while dropped < high do
            local middle = (dropped + high) / 2
            middle = middle - middle % 1
            if look('<I5', record, 6 + middle * 10) > t - x then high = middle else dropped = middle + 1 end
          end
          base, total = look('<I5', record, 1 + dropped * 10), look('<I5', record, size - 4)
          used = total - base
          if dropped < entries then newest = look('<I5', record, size - 9) end
        end
        local fits = used + cost <= y
        if fits then
          if taking and cost > 0 then
            total, used = total + cost, used + cost
            local kept = record and string.sub(record, 1 + dropped * 10) or '\\0\\0\\0\\0\\0'
            if newest >= t then kept = string.sub(kept, 1, -11) else newest = t end
            writes[s], ttls[s] = kept .. pack('<I5I5', newest, total), ttl
          end
        elseif kind < 10 then
          denied = true
          if taking then break end
        end
        if not fits and cost <= y then
          local low, high = dropped, entries - 1
          while low < high do
            local middle = (low + high) / 2
            middle = middle - middle % 1
            if look('<I5', record, 11 + middle * 10) - base >= used + cost - y then high = middle else low = middle + 1 end
          end
          blocking = look('<I5', record, 6 + low * 10)
        end
        if kind > 10 then flags = flags .. (taking and fits and '1' or '0') end
        limits = limits .. pack('<I5I5I5', used, newest, blocking)
      else
        local size, place, block, merged = record and #record or 0, 1, '', nil
        for i = 1, count do
          local id, kind, x, y, cost = p[at], p[at + 1], p[at + 2], p[at + 3], p[at + 4]
          at = at + 5
          local dry = kind > 10
          if dry then kind = kind - 10 end
          local a, b, c, own, fits
          while place < size do
            local found
            if kind == 4 then found, a, b, c = look('<I2I3I3I4', record, place)
            else found, a, b = look('<I2i5I5', record, place) end
            if found == id then
              own, place = place, place + 12
              break
            end
            a = nil
            if found > id then break end
            merged = (merged or block) .. string.sub(record, place, place + 11)
            place = place + 12
          end
          if kind == 1 then
            if a then
              if t > b then
                a, b = a + (t - b) * x, t
                a = a - a % 1
              end
              if a > y then a = y end
            else a, b = y, t end
            fits = a >= cost
            if fits and taking then a = a - cost end
          elseif kind == 4 then
            local index, into = (now - now % x) / x, now % x
            if not a or index > c + 1 then a, b, c = 0, 0, index
            elseif index > c then a, b, c = 0, a, index
            elseif index < c then into = 0 end
            fits = a + b * (1 - into / x) + cost <= y
            if fits and taking then a = a + cost end
          elseif kind == 3 then
            local index = (now - now % x) / x
            if not a or index > b then a, b = 0, index end
            fits = a + cost <= y
            if fits and taking then a = a + cost end
          else
            local ahead = a and b - t + a / 1048576 or 0
            if ahead < 0 then ahead = 0 end
            fits = ahead + cost <= y
            if fits and taking then ahead = ahead + cost end
            b = ahead - ahead % 1
            a, b = (ahead - b) * 1048576, t + b
          end
          local entry
          if fits and taking and cost > 0 then spends, own = true, 0
          elseif own then entry = string.sub(record, own, own + 11)
          else merged = merged or block end
          if not entry then
            if kind == 4 then entry = pack('<I2I3I3I4', id, a, b, c) else entry = pack('<I2i5I5', id, a, b) end
          end
          if not fits and not dry then
            denied = true
            if taking then break end
          end
          if dry then flags = flags .. (taking and fits and '1' or '0') end
          block = block .. entry
          if merged and own then merged = merged .. entry end
        end
        if denied and taking then break end
        limits = limits .. block
        if spends then
          ttls[s] = ttl
          if place < size then merged = (merged or block) .. string.sub(record, place) end
          writes[s] = merged or block
          if merged then
            local left = call('PTTL', KEYS[key + s])
            if left > tonumber(ttl) then ttls[s] = left end
          end
        end
      end
    end
    local again = denied and taking
    if again then verdict, taking = 1, false end
  until not again
end
`;

/** A record that holds more than the plan's limits lives as long as those others need it. */
export const LIMITS_COMMIT = `
if taking then
  for s, value in pairs(writes) do call('SET', KEYS[key + s], value, 'PX', ttls[s]) end
end
`;
