import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runSoak } from '../local/soak/run-soak.ts';
import { synthesize } from '../local/twin/assembly/synthesize.ts';
import { SkippableTime } from '../local/twin/skippable-time.ts';
import { startTwin } from '../local/twin/twin.ts';
import { grantAdmin } from './grant-admin.ts';

const USAGE = `npm run soak -- [--minutes 10] [--seed NUMBER]

Runs the dev stage in a twin of its own under mixed load. Functions are killed, at any moment and before effects, after them, and
before they are acknowledged; messages and records are delivered and published twice; every tenth batch gets what nobody can
read; shards are split and merged, consumers stopped and started, the cache fails. Every few seconds all that was begun comes
to its end: the time that retries and leases wait for is skipped. Then the books: each accepted request had exactly one effect,
counts are exact, and only what nobody can read was set aside. Ends with code 1 where not, and prints the seed that repeats
the run.

  --minutes NUMBER  how long, from 0.1 to 120 (default: 10)
  --seed NUMBER     a whole number; the same one chooses the same people, requests and faults (default: by chance)
  --help            this text
`;

export interface SoakArguments {
  readonly minutes: number;
  readonly seed: number;
}

/**
 * Options out of the command line; `undefined` where help is asked for.
 * @throws Error in a sentence
 */
export function parseSoakArguments(args: readonly string[], chance = randomInt(2 ** 31)): SoakArguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(chance) },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.1 && minutes <= 120))
    throw new Error(`--minutes must be from 0.1 to 120, got '${values.minutes}'`);
  if (!/^\d{1,10}$/.test(values.seed)) throw new Error(`--seed must be a whole number, got '${values.seed}'`);
  return { minutes, seed: Number(values.seed) };
}

/** @throws Error that says how to repeat the run, where it broke or there were breaches */
async function soak({ minutes, seed }: SoakArguments, say: (line: string) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-soak-'));
  const assemblyDir = join(directory, 'cdk.out');
  try {
    say(`seed ${seed}; synthesizing stage 'dev' …`);
    await synthesize({ projectDir: resolve(import.meta.dirname, '..'), stage: 'dev', outDir: assemblyDir });
    const time = new SkippableTime();
    const found = await runSoak({
      minutes,
      seed,
      say,
      time,
      startTwin: (faults) => startTwin({ assemblyDir, port: 0, time, faults }),
      grantAdmin: (email, endpoint) => grantAdmin({ email, endpoint, revoke: false, stage: 'dev' }),
    });
    for (const breach of found.slice(0, 20)) say(`BROKEN: ${breach}`);
    if (found.length > 20) say(`… and ${found.length - 20} more`);
    if (found.length > 0) throw new Error(`${found.length} breaches`);
    say('every accepted request had exactly one effect');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}; --seed ${seed} repeats the run`, { cause: error });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const options = parseSoakArguments(process.argv.slice(2));
  if (options === undefined) return say(USAGE);
  return soak(options, say);
}

if (import.meta.main) {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
