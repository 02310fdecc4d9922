import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';

/** What a twin says of itself once it is ready (`--ready-file`). */
export interface ReadyFile {
  readonly apiUrl: string;
  readonly awsEndpointUrl: string;
  readonly consoleUrl: string;
  readonly pid: number;
  readonly stage: string;
}

/** A twin that runs as a process of its own. */
export interface TwinProcess extends ReadyFile {
  /** What it has printed so far. */
  output(): string;
  /** Interrupts it as Ctrl-C would, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts `bin/twin.ts` on a free port and resolves when it is ready.
 *
 * @throws Error with the twin's own words where it ends before that.
 */
export async function startTwinProcess(args: readonly string[], timeoutMs = 60_000): Promise<TwinProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-ready-'));
  const readyFile = join(directory, 'ready.json');
  const bin = join(import.meta.dirname, '../../bin');
  const requireNode = join(bin, 'require-node.mjs');
  const twin = join(bin, 'twin.ts');
  const child = spawn(
    process.execPath,
    ['--import', requireNode, twin, '--port', '0', '--ready-file', readyFile, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  try {
    const ready = await waitFor(
      async () => readReadyFile(readyFile, child, output),
      timeoutMs,
      'the twin was not ready',
      10,
    );
    return {
      ...ready,
      output: () => output,
      stop: async () => {
        child.kill('SIGINT');
        const code = await exited;
        rmSync(directory, { recursive: true, force: true });
        return code;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

function readReadyFile(file: string, child: ChildProcess, output: string): ReadyFile | undefined {
  if (child.exitCode !== null) throw new Error(`the twin ended with code ${child.exitCode}: ${output.trim()}`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReadyFile;
  } catch {
    return undefined;
  }
}
