import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { synthesize } from '../local/twin/assembly/synthesize.ts';
import { formatLine } from '../local/twin/functions/log-lines.ts';
import type { AccessEntry } from '../local/twin/gateway/access-entry.ts';
import type { Twin } from '../local/twin/twin.ts';
import { parseTwinArguments, TWIN_USAGE, type TwinArguments } from '../local/twin/twin-arguments.ts';
import { TwinError } from '../local/twin/twin-error.ts';

const projectDir = join(import.meta.dirname, '..');
const isTerminal = process.stdout.isTTY === true;
const stopping = new AbortController();
const ONE_INTERRUPT_MS = 500;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Synthesizes into a folder of its own, so that two twins do not take each other's bundles away. */
async function synthesizeStage(stage: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-twin-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const startedMs = performance.now();
  say(`synthesizing stage '${stage}' …`);
  const outDir = join(directory, 'cdk.out');
  await synthesize({ projectDir, stage, outDir, signal: stopping.signal });
  say(`synthesized in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  return outDir;
}

function requestLine({ method, path, status, latencyMs, plan, refusal }: AccessEntry): string {
  const why = refusal ? `  ${refusal.responseType}: ${refusal.reason}` : '';
  return `${method.padEnd(6)} ${path}  ${status}  ${Math.round(latencyMs)} ms${plan === undefined ? '' : `  ${plan}`}${why}`;
}

interface Started {
  readonly twin: Twin;
  readonly assemblyDir: string;
}

async function start(args: TwinArguments): Promise<Started> {
  const { stage, port, assembly, verbose, accountRps, accountBurst } = args;
  // While the CDK app runs in its own process, this one loads what it needs afterwards.
  const [assemblyDir, { startTwin }] = await Promise.all([
    assembly === undefined ? synthesizeStage(stage) : resolve(assembly),
    import('../local/twin/twin.ts'),
  ]);
  const { SPILLWAY_CACHE_URL: cacheUrl } = process.env;
  const twin = await startTwin({
    assemblyDir,
    port,
    iam: args.iam,
    coldStart: args.coldStart,
    throttleTables: args.throttleTables,
    accountThrottle: {
      ...(accountRps !== undefined && { ratePerSecond: accountRps }),
      ...(accountBurst !== undefined && { burst: accountBurst }),
    },
    ...(args.data !== undefined && { dataDir: resolve(args.data) }),
    ...(assembly === undefined && { stage }),
    ...(cacheUrl && { cacheUrl }),
    log: say,
    ...(verbose && { onRequest: (entry) => say(requestLine(entry)) }),
    onFunctionLine: (label, line) => {
      // What goes wrong in a function is always worth a line; what it prints only on request.
      if (verbose || line.source === 'platform') say(formatLine(label, line, isTerminal));
    },
  });
  return { twin, assemblyDir };
}

async function startWatch({ twin, assemblyDir }: Started, { stage, assembly, watch }: TwinArguments) {
  if (!watch) return undefined;
  const { watchAssembly, watchStage } = await import('../local/twin/watch/watch-twin.ts');
  say(assembly === undefined ? 'watching bin, lib and lambdas' : `watching ${assemblyDir}`);
  const options = { twin, assemblyDir, log: say };
  return assembly === undefined ? watchStage({ ...options, projectDir, stage }) : watchAssembly(options);
}

async function run(): Promise<void> {
  const args = parseTwinArguments(process.argv.slice(2));
  if (args.help) return say(TWIN_USAGE);
  const startedMs = performance.now();
  const interrupted = new Promise<void>((done) => {
    let firstMs: number | undefined;
    const stop = (): void => {
      // Under npm one Ctrl-C arrives twice, from the terminal and forwarded by npm; who presses it again later means it.
      if (firstMs !== undefined && performance.now() - firstMs > ONE_INTERRUPT_MS) process.exit(1);
      firstMs ??= performance.now();
      stopping.abort();
      done();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    // The terminal was closed.
    process.on('SIGHUP', stop);
  });
  const started = await start(args);
  const { twin } = started;
  const [{ formatIamReport }, { describeTwin }, { removeReadyFile, writeReadyFile }] = await Promise.all([
    import('../local/twin/aws/iam/iam-report.ts'),
    import('../local/twin/describe-twin.ts'),
    import('../local/twin/ready-file.ts'),
  ]);
  try {
    say(describeTwin(twin));
    say(`ready after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
    if (args.readyFile !== undefined) writeReadyFile(args.readyFile, twin);
    const watch = await startWatch(started, args);
    await interrupted;
    say('stopping …');
    await watch?.close();
    const report = formatIamReport(twin.iamReport());
    if (report !== '') say(`\n${report}`);
  } finally {
    if (args.readyFile !== undefined) removeReadyFile(args.readyFile);
    await twin.close();
  }
}

try {
  await run();
  process.exit(0);
} catch (error) {
  if (stopping.signal.aborted) process.exit(0);
  const isExpected = error instanceof TwinError;
  process.stderr.write(`spillway: ${isExpected ? error.message : `the twin failed: ${(error as Error).stack}`}\n`);
  process.exit(isExpected && error.code === 'usage' ? 2 : 1);
}
