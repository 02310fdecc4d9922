/**
 * A `Date` that is ahead of the machine's by what is in `skipped`, one 64-bit integer of milliseconds: for functions of a twin
 * whose time can be skipped. Dates of a given time are what they are.
 */
export function skippedDate(skipped: SharedArrayBuffer, machine: DateConstructor = Date): DateConstructor {
  const skippedMs = new BigInt64Array(skipped);
  const now = (): number => machine.now() + Number(Atomics.load(skippedMs, 0));
  return new Proxy(machine, {
    get: (target, member, receiver) => (member === 'now' ? now : Reflect.get(target, member, receiver)),
    apply: () => new machine(now()).toString(),
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  });
}
