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
local limit_keys, writes, ttls, limits, flags, taking = p[at], {}, {}, '', '', verdict == 0 or verdict == 3
do
  local t, start, denied = now - 1577836800000, at + 1, false
  repeat
    at, limits, flags = start, '', ''
    for s = 0, limit_keys - 1 do
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
        local size, place, block, merged, keep = record and #record or 0, 1, '', nil, true
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
                local span = y / x + 1000
                if t - t % span > b then keep = false end
                a, b = a + (t - b) * x, t
                a = a - a % 1
              end
              if a > y then a = y end
            else a, b, keep = y, t, false end
            fits = a >= cost
            if fits and taking then a = a - cost end
          elseif kind == 4 then
            local index, into = (now - now % x) / x, now % x
            if not a or index > c + 1 then a, b, c, keep = 0, 0, index, false
            elseif index > c then a, b, c, keep = 0, a, index, false
            elseif index < c then into = 0 end
            fits = a + b * (1 - into / x) + cost <= y
            if fits and taking then a = a + cost end
          elseif kind == 3 then
            local index = (now - now % x) / x
            if not a or index > b then a, b, keep = 0, index, false end
            fits = a + cost <= y
            if fits and taking then a = a + cost end
          else
            local was, ahead = b, a and b - t + a / 1048576 or 0
            if ahead < 0 then ahead = 0 end
            fits = ahead + cost <= y
            if fits and taking then ahead = ahead + cost end
            b = ahead - ahead % 1
            a, b = (ahead - b) * 1048576, t + b
            if not own or b - b % (y + 1000) > was then keep = false end
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
          if i == 1 then block = entry else block = block .. entry end
          if merged and own then merged = merged .. entry end
        end
        if denied and taking then break end
        if s == 0 then limits = block else limits = limits .. block end
        if spends then
          if place <= size then merged = (merged or block) .. string.sub(record, place) end
          writes[s] = merged or block
          if not keep then
            if merged then
              local left = call('PTTL', KEYS[key + s])
              if left > tonumber(ttl) then ttl = left end
            end
            ttls[s] = ttl
          end
        end
      end
    end
    local again = denied and taking
    if again then verdict, taking = 1, false end
  until not again
end
`;

/**
 * Setting a time to live costs as much as the value itself, so it is twice as long as a limit needs, and set anew only
 * by what begins another such period, or another window. A record that holds more than the plan's limits lives at least
 * as long as those others need it.
 */
export const LIMITS_COMMIT = `
if taking then
  for s = 0, limit_keys - 1 do
    local value, ttl = writes[s], ttls[s]
    if ttl then call('SET', KEYS[key + s], value, 'PX', ttl)
    elseif value then call('SET', KEYS[key + s], value, 'KEEPTTL') end
  end
end
`;
