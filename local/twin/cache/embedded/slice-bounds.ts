/**
 * Positions as LRANGE and ZRANGE take them (0-based, both ends included, negative: from the end) as the half-open
 * interval that `slice` takes. An empty range gives `[0, 0]`.
 */
export function sliceBounds(start: number, stop: number, length: number): [number, number] {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, stop < 0 ? length + stop : stop);
  return from > to || from >= length ? [0, 0] : [from, to + 1];
}
