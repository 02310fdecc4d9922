import { CacheEngine } from '../../../../../local/twin/cache/embedded/cache-engine.ts';
import type { Scripts } from '../../../../../local/twin/cache/embedded/command.ts';
import { CommandError, NIL_ARRAY, type Reply, Status } from '../../../../../local/twin/cache/embedded/reply.ts';

/** A reply as a reader of a test likes it: `+OK`, `-ERR …`, `"text"`, 1, null, arrays. */
export type Shown = string | number | bigint | null | Shown[];

/** Commands without sockets, on a clock that stands still unless a test moves it. */
export class CommandLine {
  readonly engine: CacheEngine;
  nowMs = 1_000_000_000_000;

  constructor(scripts: Scripts = noScripts) {
    this.engine = new CacheEngine(scripts, () => this.nowMs);
  }

  /** A connection of its own. `run` takes one line, words separated by blanks, or the words. */
  connect(): { run(line: string | readonly string[]): Shown } {
    const session = this.engine.openSession();
    return {
      run: (line) => show(this.engine.execute(session, typeof line === 'string' ? line.split(' ') : line)),
    };
  }
}

/** A function that runs lines on a fresh engine. */
export function freshCommandLine(): (line: string | readonly string[]) => Shown {
  const { run } = new CommandLine().connect();
  return run;
}

function show(reply: Reply): Shown {
  if (typeof reply === 'string') return `"${reply}"`;
  if (reply === null || typeof reply === 'number' || typeof reply === 'bigint') return reply;
  if (reply === NIL_ARRAY) return 'nil array';
  if (reply instanceof Status) return `+${reply.text}`;
  if (reply instanceof CommandError) return `-${reply.message}`;
  return reply.map(show);
}

const noScripts: Scripts = {
  load: () => '',
  has: () => false,
  forgetAll: () => {},
  run: () => null,
};
