import { type CommandContext, type CommandGroup, control } from '../command.ts';
import { CommandError, NIL_ARRAY, OK, type Reply } from '../reply.ts';

/** Commands that act at once inside a transaction instead of being queued. */
export const NEVER_QUEUED: ReadonlySet<string> = new Set(['multi', 'exec', 'discard', 'watch', 'quit']);

export const transactions: CommandGroup = {
  multi: control(1, (_, { session }) => {
    if (session.queued !== undefined) throw new CommandError('ERR MULTI calls can not be nested');
    session.queued = [];
    return OK;
  }),
  exec: control(1, (_, context) => execute(context)),
  discard: control(1, (_, context) => {
    if (context.session.queued === undefined) throw new CommandError('ERR DISCARD without MULTI');
    endTransaction(context);
    return OK;
  }),
  watch: control(-2, (keys, { session, store }) => {
    if (session.queued !== undefined) throw new CommandError('ERR WATCH inside MULTI is not allowed');
    for (const key of keys) {
      // Looking at the key drops it if it has expired already, which must not count as a change.
      store.has(key);
      store.watch(key, session);
    }
    return OK;
  }),
  unwatch: control(1, (_, { session, databases }) => {
    for (const database of databases) database.unwatch(session);
    session.isStale = false;
    return OK;
  }),
};

function execute(context: CommandContext): Reply {
  const { session, databases } = context;
  const { queued, isQueueBroken } = session;
  if (queued === undefined) throw new CommandError('ERR EXEC without MULTI');
  // Notices watched keys whose time has come.
  for (const database of databases) database.sweep();
  const { isStale } = session;
  endTransaction(context);
  if (isQueueBroken) throw new CommandError('EXECABORT Transaction discarded because of previous errors.');
  if (isStale) return NIL_ARRAY;
  return queued.map((request) => context.call(request, 'client'));
}

function endTransaction({ session, databases }: CommandContext): void {
  session.queued = undefined;
  session.isQueueBroken = false;
  session.isStale = false;
  for (const database of databases) database.unwatch(session);
}
