import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TwinError } from '../twin-error.ts';

export interface SynthesizeOptions {
  /** Directory with `cdk.json` and `bin/spillway.ts`. */
  readonly projectDir: string;
  readonly stage: string;
  /** Where the cloud assembly is written; what was there is removed. */
  readonly outDir: string;
  /** Receives each line that the CDK app prints. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the CDK app in a child process, as the CDK CLI would but without the CLI's own start-up of some seconds.
 *
 * @throws TwinError with the app's last words where it fails, such as an unknown stage.
 */
export async function synthesize(options: SynthesizeOptions): Promise<void> {
  const env = appEnvironment(options);
  rmSync(options.outDir, { recursive: true, force: true });
  mkdirSync(options.outDir, { recursive: true });
  const child = spawn(process.execPath, [...APP_ARGUMENTS, 'bin/spillway.ts'], {
    cwd: options.projectDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(options.signal && { signal: options.signal }),
  });
  await appEnded(child, options);
}

/** Node's arguments before the name of the script. */
export const APP_ARGUMENTS = ['--import', './bin/require-node.mjs'];

/**
 * What the CDK app is told by its environment, besides what it inherits.
 *
 * @throws TwinError where `cdk.json` cannot be read.
 */
export function appEnvironment({ projectDir, stage, outDir }: SynthesizeOptions): Record<string, string> {
  const { context = {} } = readCdkJson(projectDir);
  return {
    CDK_OUTDIR: outDir,
    // The checks of a deployment (template validation, cdk-nag) take as long as the synthesis; `cdk synth` and the
    // tests run them.
    CDK_VALIDATION: process.env.CDK_VALIDATION ?? 'false',
    SPILLWAY_REUSE_BUNDLES: 'true',
    CDK_CONTEXT_JSON: JSON.stringify({
      ...context,
      // The two that the CLI adds: construct paths for the messages, and where each function's bundle lies.
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      stage,
    }),
  };
}

/**
 * Waits for the end of the CDK app.
 *
 * @throws TwinError with the app's last words where it fails.
 */
export async function appEnded(child: ChildProcess, { stage, projectDir, onLine }: SynthesizeOptions): Promise<void> {
  const lines: string[] = [];
  const collect = (chunk: Buffer): void => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      lines.push(line);
      onLine?.(line);
    }
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  throw new TwinError('synth-failed', `the CDK app failed for stage '${stage}': ${reason(lines, projectDir)}`);
}

function readCdkJson(projectDir: string): { readonly context?: Readonly<Record<string, unknown>> } {
  const file = join(projectDir, 'cdk.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { readonly context?: Readonly<Record<string, unknown>> };
  } catch (cause) {
    throw new TwinError(
      'no-cdk-json',
      `${file} cannot be read; run this command in the project, or give --assembly DIR`,
      {
        cause,
      },
    );
  }
}

/** The message of the error that ended the app and where in the project that was, without the stack trace around it. */
function reason(lines: readonly string[], projectDir: string): string {
  const told = lines.find((line) => line.startsWith('spillway: '));
  if (told) return told.slice('spillway: '.length);
  const thrown = lines.find((line) => /^\S*(Error|Failed)\b.*: /.test(line));
  const spoken = lines.filter((line) => !/^\s+at |^node:|^Node\.js|^\s*\^/.test(line));
  const message = thrown?.replace(/^\S*Error( \[[^\]]*\])?: /, '') ?? spoken.slice(-5).join(' ');
  const place = lines.map((line) => sourcePlace(line, projectDir)).find((found) => found !== undefined);
  return place === undefined ? message : `${message} (${place})`;
}

/** `bin/stages.ts:15` of the line that Node prints above an uncaught error, as a URL or as a path. */
function sourcePlace(line: string, projectDir: string): string | undefined {
  const [, source = '', number] = /^(\S.*):(\d+)$/.exec(line) ?? [];
  const file = source.startsWith('file://') ? fileURLToPath(source) : source;
  if (!isAbsolute(file)) return undefined;
  const path = relative(realpathSync(projectDir), file);
  return path.startsWith('..') || isAbsolute(path) ? undefined : `${path}:${number}`;
}
