import type { Keyspace } from './keyspace.ts';
import type { CommandError, Reply } from './reply.ts';

/** What one connection remembers between requests. */
export interface Session {
  readonly id: number;
  name: string;
  database: number;
  /** Requests since MULTI; undefined outside a transaction. */
  queued: (readonly string[])[] | undefined;
  /** A request was refused while queueing, so EXEC must refuse the whole. */
  isQueueBroken: boolean;
  /** A watched key has changed. */
  isStale: boolean;
  /** The connection ends after this reply. */
  isClosing: boolean;
}

/** What a command may reach besides its arguments. */
export interface CommandContext {
  readonly session: Session;
  /** The database that the session has selected. */
  readonly store: Keyspace;
  readonly databases: readonly Keyspace[];
  readonly nowMs: number;
  readonly commands: ReadonlyMap<string, Command>;
  readonly scripts: Scripts;
  /** Runs one command for a script or a transaction, at the time of the command that runs now; never throws `CommandError`. */
  call(request: readonly string[], caller: Caller): Reply;
}

/** On whose behalf a command runs: a client, a script, or a script that may only read. */
export type Caller = 'client' | 'script' | 'read-only script';

/** The script engine as commands see it. */
export interface Scripts {
  /** Compiles and keeps a script; returns its SHA-1. Throws `CommandError` if it does not compile. */
  load(source: string): string;
  has(sha: string): boolean;
  forgetAll(): void;
  /** Runs a kept script to its end. Throws `CommandError` with the script's error. */
  run(sha: string, keys: readonly string[], args: readonly string[], call: (request: string[]) => Reply): Reply;
}

export type CommandAccess = 'read' | 'write' | 'control';

export interface Command {
  /** Number of words, the name included; negative: at least so many. As COMMAND lists it. */
  readonly arity: number;
  /** `control` commands concern the connection or the server and are closed to scripts. */
  readonly access: CommandAccess;
  /** What else is wrong with the words after the name, before the command is run or queued. */
  refuse?(args: readonly string[]): CommandError | undefined;
  /** Takes the words after the name. Throws `CommandError`. */
  run(args: readonly string[], context: CommandContext): Reply;
}

export type CommandGroup = Readonly<Record<string, Command>>;

export const read = (arity: number, run: Command['run']): Command => ({ arity, access: 'read', run });
export const write = (arity: number, run: Command['run']): Command => ({ arity, access: 'write', run });
export const control = (arity: number, run: Command['run']): Command => ({ arity, access: 'control', run });

/** Whether the arity of a command permits this many words. */
export function fitsArity(command: Command, words: number): boolean {
  return command.arity >= 0 ? words === command.arity : words >= -command.arity;
}
