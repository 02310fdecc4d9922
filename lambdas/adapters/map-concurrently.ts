/**
 * Calls `task` for every item, at most `maxInFlight` at a time, and returns the results in the order of the items. The
 * first failure is thrown once the tasks in flight have ended, and no further task is started: nothing goes on behind
 * the back of a caller who was told that it is over.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  maxInFlight: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failures: unknown[] = [];
  const remaining = items.entries();
  const worker = async () => {
    // The iterator is shared, so each worker takes the next item that nobody has taken yet.
    for (const [index, item] of remaining) {
      if (failures.length > 0) return;
      try {
        results[index] = await task(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxInFlight, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
