import { parseArgs } from 'node:util';
import { benchAdmission } from './admission.ts';
import { benchAuthorizer } from './authorizer.ts';
import { benchBacklog } from './backlog.ts';
import { benchBreaker } from './breaker.ts';
import { benchBundles } from './bundles.ts';
import { benchGateway } from './gateway.ts';
import { benchIam } from './iam.ts';
import { benchIngestion } from './ingestion.ts';
import { benchMemory } from './memory.ts';
import { benchStart } from './start.ts';
import { benchSynth } from './synth.ts';
import { benchWorkers } from './workers.ts';

const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  admission: benchAdmission,
  authorizer: benchAuthorizer,
  backlog: benchBacklog,
  breaker: benchBreaker,
  bundles: benchBundles,
  gateway: benchGateway,
  iam: benchIam,
  ingestion: benchIngestion,
  memory: benchMemory,
  start: benchStart,
  synth: benchSynth,
  workers: benchWorkers,
};

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('] [')}]

Compares with peers, alternating in one run, and prints ratios with their spread; all of them where none is named.
Ends with code 1 where a ratio is above its bound.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  for (const name of names) {
    const bench = BENCHES[name];
    if (bench === undefined) throw new Error(`unknown bench '${name}'; known are ${Object.keys(BENCHES).join(', ')}`);
    process.stdout.write(`\n… ${name}\n`);
    await bench();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
