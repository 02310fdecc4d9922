import { type ParseArgsConfig, parseArgs } from 'node:util';
import { usageError } from '../local/redrive/operator-error.ts';

/** Options that operators' commands share. */
export interface OperatorOptions {
  readonly stage: string;
  readonly endpoint?: string | undefined;
}

/** The lines of these options in a command's help. */
export const OPERATOR_USAGE = `  --stage NAME      stage (default: dev)
  --endpoint URL    where a twin answers AWS calls; \`npm start\` prints it as "AWS"
  --help            this text
`;

const OPERATOR_ARGUMENTS = {
  stage: { type: 'string', default: 'dev' },
  endpoint: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** A command's own options, and those that all have. @throws OperatorError with exit code 2 */
export function parseArguments<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  own: T,
) {
  try {
    return parseArgs({ args: [...args], options: { ...OPERATOR_ARGUMENTS, ...own } }).values;
  } catch (cause) {
    throw usageError((cause as Error).message, cause);
  }
}

/** @throws OperatorError with exit code 2 */
export function readOperatorOptions({ stage, endpoint }: OperatorOptions): OperatorOptions {
  if (!/^[A-Za-z0-9_-]+$/.test(stage)) {
    throw usageError(`--stage must be the name of a stage in bin/stages.ts, got '${stage}'`);
  }
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))) {
    throw usageError(`--endpoint must be a URL such as http://127.0.0.1:4566, got '${endpoint}'`);
  }
  return { stage, endpoint };
}

/** The name of a queue or a consumer. @param expected what it must be @throws OperatorError with exit code 2 */
export function readName(name: string, text: string | undefined, expected: string): string {
  if (text !== undefined && /^[a-z][a-z0-9-]{0,63}$/.test(text)) return text;
  throw usageError(`${name} must be ${expected}, got ${text === undefined ? 'none' : `'${text}'`}`);
}

/** A number that must be above 0, up to `max`. @throws OperatorError with exit code 2 */
export function readNumber(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= max) return value;
  throw usageError(`${name} must be a number above 0, at most ${max}, got '${text}'`);
}

/** A whole number of at least 1. @throws OperatorError with exit code 2 */
export function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`${name} must be a whole number of at least 1, got '${text}'`);
}

const TIME = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** ISO 8601, in ms since the epoch. @throws OperatorError with exit code 2 */
export function readTime(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, day] = TIME.exec(text) ?? [];
  if (day !== undefined && isDay(day) && !Number.isNaN(Date.parse(text))) return Date.parse(text);
  throw usageError(`${name} must be a time such as 2026-11-22T10:00:00Z, got '${text}'`);
}

/** `Date.parse` takes the 31st of February for the 3rd of March. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
