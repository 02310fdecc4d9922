import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runSoak } from '../local/soak/run-soak.ts';
import { synthesize } from '../local/twin/assembly/synthesize.ts';
import { startTwin } from '../local/twin/twin.ts';

const USAGE = `npm run soak -- [--minutes 10] [--seed NUMBER]

Runs the dev stage in a twin of its own under mixed load, while functions, stream workers and the cache are killed at random;
then lets everything drain and checks that each accepted request had exactly one effect. Ends with code 1 where not, and
prints the seed that repeats the run.

  --minutes NUMBER  how long, from 0.1 to 120 (default: 10)
  --seed NUMBER     a whole number; the same one chooses the same people, requests and faults (default: by chance)
  --help            this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      help: { type: 'boolean' },
    },
  });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (values.help) return say(USAGE);
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.1 && minutes <= 120))
    throw new Error(`--minutes must be from 0.1 to 120, got '${values.minutes}'`);
  const seed = Number(values.seed);
  if (!/^\d{1,10}$/.test(values.seed)) throw new Error(`--seed must be a whole number, got '${values.seed}'`);

  const directory = mkdtempSync(join(tmpdir(), 'spillway-soak-'));
  const outDir = join(directory, 'cdk.out');
  try {
    say("synthesizing stage 'dev' …");
    await synthesize({ projectDir: resolve(import.meta.dirname, '..'), stage: 'dev', outDir });
    const twin = await startTwin({ assemblyDir: outDir, port: 0, log: () => {} });
    try {
      const found = await runSoak(twin, { minutes, seed, say });
      for (const breach of found.slice(0, 20)) say(`BROKEN: ${breach}`);
      if (found.length > 20) say(`… and ${found.length - 20} more`);
      if (found.length > 0) throw new Error(`${found.length} breaches; --seed ${seed} repeats the run`);
      say('every accepted request had exactly one effect');
    } finally {
      await twin.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
