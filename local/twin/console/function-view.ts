import type { FunctionStatus, Functions } from '../functions/functions.ts';
import type { LogLine } from '../functions/log-lines.ts';

/** A function as the console shows it; its log is asked for apart. */
export interface FunctionView extends Omit<FunctionStatus, 'lines'> {
  readonly lastError: { readonly text: string; readonly atMs: number } | undefined;
}

export interface FunctionLog {
  readonly name: string;
  readonly lines: readonly LogLine[];
}

/** As many lines as the functions keep. */
const LINES = 200;
const TEXT_MAX = 300;

/** The functions, and the log of the one named `logOf`; of the first one where there is none of that name. */
export function functionViews(
  functions: Pick<Functions, 'status'>,
  logOf: string | undefined,
): { readonly functions: readonly FunctionView[]; readonly log: FunctionLog | undefined } {
  const all = functions.status(LINES);
  const shown = all.find(({ name }) => name === logOf) ?? all[0];
  return {
    functions: all.map(({ lines, ...rest }) => ({ ...rest, lastError: lastError(lines) })),
    log: shown && { name: shown.name, lines: shown.lines },
  };
}

function lastError(lines: readonly LogLine[]): FunctionView['lastError'] {
  const line = lines.findLast(({ source, text }) => source === 'platform' || (source === 'stderr' && !isWarning(text)));
  return line && { text: firstLine(line.text), atMs: line.atMs };
}

/** Lambda sends warnings where it sends errors. */
function isWarning(text: string): boolean {
  return /\tWARN\t|"level":"WARN"/.test(text);
}

/** Time, request and level of the text format; where Lambda itself reports an error there is no time. */
const LAMBDA_PREFIX = /^(?:[^\t\n]*\t){1,2}(?:ERROR|FATAL)\t/;

/** What went wrong, without what Lambda and loggers put around it. */
function firstLine(text: string): string {
  const said = text.replace(LAMBDA_PREFIX, '');
  const [line = ''] = (messageOf(said) ?? said).split('\n');
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX)}…` : line;
}

type Fields = Readonly<Record<string, unknown>>;

/** The message of an entry in JSON, with that of the error in it. */
function messageOf(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(text) as Fields;
    const { message, error } = entry;
    if (typeof message === 'string') return [message, describeError(error)].filter(Boolean).join(': ');
    return describeError(message) ?? describeError(entry);
  } catch {
    return undefined;
  }
}

/** An error as Lambda writes it (`errorType`), or as loggers do (`name`). */
function describeError(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { errorType, errorMessage, name, message } = error as Fields;
  const parts = [errorType ?? name, errorMessage ?? message].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? undefined : parts.join(': ');
}
