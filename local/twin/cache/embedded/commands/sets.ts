import { type CommandGroup, read, write } from '../command.ts';

export const sets: CommandGroup = {
  sadd: write(-3, ([key = '', ...members], { store }) => {
    const set = store.getOrCreate(key, 'set');
    const sizeBefore = set.size;
    for (const member of members) set.add(member);
    store.changed(key);
    return set.size - sizeBefore;
  }),
  srem: write(-3, ([key = '', ...members], { store }) => {
    const set = store.get(key, 'set');
    const removed = members.filter((member) => set?.delete(member)).length;
    if (removed > 0) store.changed(key);
    return removed;
  }),
  sismember: read(3, ([key = '', member = ''], { store }) => (store.get(key, 'set')?.has(member) ? 1 : 0)),
  smembers: read(2, ([key = ''], { store }) => [...(store.get(key, 'set') ?? [])]),
  scard: read(2, ([key = ''], { store }) => store.get(key, 'set')?.size ?? 0),
};
