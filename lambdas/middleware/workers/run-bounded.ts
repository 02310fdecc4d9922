/** Calls `task`, which never rejects, for every item in order, at most `maxInFlight` at a time. */
export async function runBounded<T>(
  items: readonly T[],
  maxInFlight: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const remaining = items.values();
  const lane = async () => {
    // The iterator is shared, so each lane takes the next item that nobody has taken yet.
    for (const item of remaining) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(maxInFlight, items.length) }, lane));
}
