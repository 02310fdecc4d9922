import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  OVERLOAD_USAGE,
  type OverloadArguments,
  parseOverloadArguments,
} from '../local/demo/overload/overload-arguments.ts';
import { overloadPage } from '../local/demo/overload/overload-page.ts';
import { LATE_MS } from '../local/demo/overload/overload-run.ts';
import { runOverload } from '../local/demo/overload/run-overload.ts';
import { TerminalScreen } from '../local/demo/overload/terminal-screen.ts';
import { validateOutput } from '../local/demo/overload/validate-output.ts';
import { verdictTable } from '../local/demo/overload/verdict-table.ts';
import { runDemo } from '../local/demo/run-demo.ts';
import { startTwinProcess, type TwinProcess } from '../local/demo/twin-process.ts';

const USAGE = `npm run demo -- [--url http://127.0.0.1:3000] [--stage dev]

Signs up two people, follows, posts, waits for the notification, reads the timeline twice, and sends more than the
limits. Uses the twin at --url, by default the one on port 3000; where none runs there, starts one and stops it again.

  --url URL      the API to talk to; must run already
  --stage NAME   stage of the twin that is started (default: dev)
  --help         this text

npm run demo -- overload [options] shows an overload; npm run demo -- overload --help
`;

/** What a shell expects of a program that was interrupted. */
const INTERRUPTED = 130;
/** Under npm one Ctrl-C arrives twice, from the terminal and forwarded by npm. */
const ONE_INTERRUPT_MS = 500;
/** An environment for each request under way, as in AWS: with fewer, requests would wait outside, where nothing is shed. */
const OVERLOAD_TWIN = ['--cold-start', 'real'];
const DEFAULT_URL = 'http://127.0.0.1:3000';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command !== 'overload') return walkThrough();
  const args = parseOverloadArguments(rest);
  return args.help ? say(OVERLOAD_USAGE) : showOverload(args, interruption());
}

async function walkThrough(): Promise<void> {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, stage: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const url = values.url ?? DEFAULT_URL;
  if (await answers(url)) return runDemo(url, say);
  if (values.url !== undefined) throw nothingAnswers(url);

  say('No twin runs on port 3000: starting one …');
  const twin = await startTwinProcess(values.stage === undefined ? [] : ['--stage', values.stage]);
  try {
    await runDemo(twin.apiUrl, say);
  } finally {
    await twin.stop();
  }
}

async function showOverload(args: OverloadArguments, signal: AbortSignal): Promise<void> {
  const { minutes, seed, html, json } = args;
  for (const file of [html, json]) if (file !== undefined) validateOutput(file);
  if (args.url !== undefined && !(await answers(args.url))) throw nothingAnswers(args.url);
  if (args.url === undefined) say('starting a twin …');
  const twin = args.url === undefined ? await startTwinProcess(['--stage', args.stage, ...OVERLOAD_TWIN]) : undefined;
  try {
    signal.throwIfAborted();
    const screen = new TerminalScreen({
      write: (text) => process.stdout.write(text),
      isTerminal: process.stdout.isTTY === true,
      columns: () => process.stdout.columns,
    });
    const hasColor = process.stdout.isTTY === true && process.stdout.hasColors();
    const baseUrl = args.url ?? (twin as TwinProcess).apiUrl;
    const run = await runOverload({ baseUrl, minutes, seed, screen, hasColor, signal });
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(run, null, 1)}\n`);
    writeFileSync(html, overloadPage(run));
    say(`\n${verdictTable(run.verdicts)}\n\nwritten: ${[html, json].filter(Boolean).join(', ')}`);
    if (run.lateMs >= LATE_MS) {
      say(`this machine is busy: the demo itself was up to ${Math.round(run.lateMs)} ms late, and so are its figures`);
    }
    const missed = run.verdicts.filter(({ isMet }) => !isMet).length;
    if (missed > 0)
      throw new Error(`${missed} of ${run.verdicts.length} figures missed; --seed ${seed} repeats the requests`);
  } catch (error) {
    // Whatever an interruption has broken, it was the interruption.
    throw signal.aborted ? signal.reason : error;
  } finally {
    await twin?.stop();
  }
}

/** Aborted by Ctrl-C and its like, so that the twin is stopped first; a second one ends everything at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const stop = (): void => {
    if (firstMs !== undefined && performance.now() - firstMs > ONE_INTERRUPT_MS) process.exit(INTERRUPTED);
    firstMs ??= performance.now();
    process.exitCode = INTERRUPTED;
    controller.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  return controller.signal;
}

function nothingAnswers(url: string): Error {
  return new Error(`nothing answers at ${url}; start a twin with \`npm start\``);
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

main().then(
  // Requests may still be under way where the demo was interrupted.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(process.exitCode ?? 1);
  },
);
