import { type Caller, type Command, type CommandContext, fitsArity, type Scripts, type Session } from './command.ts';
import { commandTable } from './command-table.ts';
import { NEVER_QUEUED } from './commands/transactions.ts';
import { Keyspace } from './keyspace.ts';
import { CommandError, type Reply, Status } from './reply.ts';

const DATABASES = 16;
/** As in Redis: an error quotes at most this much of what was sent. */
const QUOTED_MAX_LENGTH = 128;

/** The cache without its sockets: sessions, databases, and one loop for all commands. One request runs at a time. */
export class CacheEngine {
  readonly #databases = Array.from({ length: DATABASES }, () => new Keyspace());
  readonly #scripts: Scripts;
  readonly #nowMs: () => number;
  #lastSessionId = 0;

  /** `nowMs` in milliseconds since the epoch drives TIME and expiry; it is read once per request. */
  constructor(scripts: Scripts, nowMs: () => number) {
    this.#scripts = scripts;
    this.#nowMs = nowMs;
  }

  openSession(): Session {
    this.#lastSessionId += 1;
    const transaction = { queued: undefined, isQueueBroken: false, isStale: false };
    return { id: this.#lastSessionId, name: '', database: 0, isClosing: false, ...transaction };
  }

  closeSession(session: Session): void {
    for (const database of this.#databases) database.unwatch(session);
  }

  /** Runs one request of a client; errors come back as replies. */
  execute(session: Session, request: readonly string[]): Reply {
    const [name = '', ...args] = request;
    const command = commandTable.get(name.toLowerCase());
    const refusal = refusalOf(command, name, args);
    if (refusal !== undefined) {
      if (session.queued !== undefined) session.isQueueBroken = true;
      return refusal;
    }
    if (session.queued !== undefined && !NEVER_QUEUED.has(name.toLowerCase())) {
      session.queued.push(request);
      return new Status('QUEUED');
    }
    this.#setClock();
    return this.#run(session, request, 'client');
  }

  /** Deletes expired keys that nobody asks for. */
  sweep(): void {
    this.#setClock();
    for (const database of this.#databases) database.sweep();
  }

  #setClock(): void {
    const nowMs = this.#nowMs();
    for (const database of this.#databases) database.nowMs = nowMs;
  }

  #run(session: Session, request: readonly string[], caller: Caller): Reply {
    const [name = '', ...args] = request;
    const command = commandTable.get(name.toLowerCase());
    const store = this.#databases[session.database];
    try {
      if (store === undefined) throw new CommandError('ERR DB index is out of range');
      if (caller !== 'client') assertAllowedInScript(command, args, caller);
      if (command === undefined) throw unknownCommand(name, args);
      return command.run(args, this.#context(session, store));
    } catch (error) {
      if (error instanceof CommandError) return error;
      throw error;
    }
  }

  #context(session: Session, store: Keyspace): CommandContext {
    return {
      session,
      store,
      databases: this.#databases,
      nowMs: store.nowMs,
      commands: commandTable,
      scripts: this.#scripts,
      call: (request, caller) => this.#run(session, request, caller),
    };
  }
}

function refusalOf(command: Command | undefined, name: string, args: readonly string[]): CommandError | undefined {
  if (command === undefined) return unknownCommand(name, args);
  if (fitsArity(command, args.length + 1)) return command.refuse?.(args);
  return new CommandError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}

function unknownCommand(name: string, args: readonly string[]): CommandError {
  let quoted = '';
  for (const arg of args) {
    if (quoted.length >= QUOTED_MAX_LENGTH) break;
    quoted += `'${arg.slice(0, QUOTED_MAX_LENGTH - quoted.length)}' `;
  }
  const shortName = name.slice(0, QUOTED_MAX_LENGTH);
  return new CommandError(`ERR unknown command '${shortName}', with args beginning with: ${quoted}`);
}

function assertAllowedInScript(command: Command | undefined, args: readonly string[], caller: Caller): void {
  if (command === undefined) throw new CommandError('ERR Unknown Redis command called from script');
  if (!fitsArity(command, args.length + 1)) {
    throw new CommandError('ERR Wrong number of args calling Redis command from script');
  }
  if (command.access === 'control') throw new CommandError('ERR This Redis command is not allowed from script');
  if (command.access === 'write' && caller === 'read-only script') {
    throw new CommandError('ERR Write commands are not allowed from read-only scripts.');
  }
}
