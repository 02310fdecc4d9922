import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { LogLevel, LogSettings } from './environment-protocol.ts';
import { formatLogEntry, isLogged } from './log-format.ts';

export interface Output {
  /** Whose entries these are; `-` while the bundle loads. */
  requestId: string;
  /** Passes on what was printed without an end of line. */
  flush(): void;
}

type Print = (source: 'stdout' | 'stderr', text: string) => void;

const METHODS: Readonly<Record<string, LogLevel>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

/**
 * Takes over everything that a function can print by: `console`, the standard streams, and writes to their file
 * descriptors. A worker's own streams hand chunks over one by one, each when the parent has acknowledged the last: a
 * frozen thread would sit on the rest.
 */
export function takeOutput(settings: LogSettings, print: Print): Output {
  const out = lineSplitter((text) => print('stdout', text));
  const err = lineSplitter((text) => print('stderr', text));
  const output: Output = {
    requestId: '-',
    flush: () => {
      out.flush();
      err.flush();
    },
  };
  for (const [method, level] of Object.entries(METHODS)) {
    const source = level === 'WARN' || level === 'ERROR' || level === 'FATAL' ? 'stderr' : 'stdout';
    const log = (message?: unknown, ...parameters: unknown[]): void => {
      print(source, formatLogEntry(settings, level, output.requestId, Date.now(), message, ...parameters));
    };
    Object.assign(console, { [method]: isLogged(settings, level) ? log : () => {} });
  }
  replaceStream(process.stdout, out.write);
  replaceStream(process.stderr, err.write);
  replaceDescriptors((descriptor) => (descriptor === 1 ? out.write : descriptor === 2 ? err.write : undefined));
  return output;
}

function lineSplitter(onLine: (text: string) => void): { write(text: string): void; flush(): void } {
  let rest = '';
  return {
    write: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    flush: () => {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

function replaceStream(stream: NodeJS.WriteStream, write: (text: string) => void): void {
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    write(textOf(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(() => done());
    return true;
  };
}

/** Loggers such as pino write to file descriptor 1, which in a thread is the twin's own. */
function replaceDescriptors(writerOf: (descriptor: number) => ((text: string) => void) | undefined): void {
  const { write, writeSync } = fs;
  const taken = (descriptor: number, chunk: unknown, rest: readonly unknown[]): number | undefined => {
    const writer = writerOf(descriptor);
    if (!writer) return undefined;
    const [offset, length] = rest;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    const isPart = typeof chunk !== 'string' && typeof offset === 'number';
    const part = isPart ? bytes.subarray(offset, typeof length === 'number' ? offset + length : undefined) : bytes;
    writer(part.toString());
    return part.length;
  };
  Object.assign(fs, {
    writeSync: (descriptor: number, chunk: never, ...rest: never[]) =>
      taken(descriptor, chunk, rest) ?? (writeSync as (...all: unknown[]) => number)(descriptor, chunk, ...rest),
    write: (descriptor: number, chunk: never, ...rest: never[]) => {
      const written = taken(descriptor, chunk, rest);
      if (written === undefined) return (write as (...all: unknown[]) => void)(descriptor, chunk, ...rest);
      const done = rest.at(-1) as unknown;
      if (typeof done === 'function') setImmediate(() => done(null, written, chunk));
    },
  });
  syncBuiltinESMExports();
}

function textOf(chunk: Uint8Array | string): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
}
