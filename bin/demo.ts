import { parseArgs } from 'node:util';
import { runDemo } from '../local/demo/run-demo.ts';
import { startTwinProcess } from '../local/demo/twin-process.ts';

const USAGE = `npm run demo -- [--url http://127.0.0.1:3000] [--stage dev]

Signs up two people, follows, posts, waits for the notification, reads the timeline twice, and sends more than the
limits. Uses the twin at --url, by default the one on port 3000; where none runs there, starts one and stops it again.

  --url URL      the API to talk to; must run already
  --stage NAME   stage of the twin that is started (default: dev)
  --help         this text
`;

const DEFAULT_URL = 'http://127.0.0.1:3000';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, stage: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const url = values.url ?? DEFAULT_URL;
  if (await answers(url)) return runDemo(url, say);
  if (values.url !== undefined) throw new Error(`nothing answers at ${url}; start a twin with \`npm start\``);

  say('No twin runs on port 3000: starting one …');
  const twin = await startTwinProcess(values.stage === undefined ? [] : ['--stage', values.stage]);
  try {
    await runDemo(twin.apiUrl, say);
  } finally {
    await twin.stop();
  }
}

/** Whether a Spillway API answers there: other servers on the port are left alone. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/.well-known/openid-configuration', url), {
      signal: AbortSignal.timeout(5_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
