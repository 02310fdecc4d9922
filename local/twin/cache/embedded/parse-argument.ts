import { CommandError } from './reply.ts';

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
const NOT_A_FLOAT = 'ERR value is not a valid float';
export const SYNTAX_ERROR = 'ERR syntax error';

/** A signed 64-bit integer written the one way that Redis accepts: no plus sign, no blanks, no leading zeros. */
export function parseInt64(text: string, message = NOT_AN_INTEGER): bigint {
  if (text.length > 20 || !/^(?:0|-?[1-9]\d*)$/.test(text)) throw new CommandError(message);
  const value = BigInt(text);
  if (!isInt64(value)) throw new CommandError(message);
  return value;
}

export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** Like `parseInt64`, as a number: for positions, counts and times, where digits beyond 2^53 do not matter. */
export function parseInteger(text: string, message = NOT_AN_INTEGER): number {
  return Number(parseInt64(text, message));
}

/** A floating point number or an infinity. Never NaN. */
export function parseFloat64(text: string, message = NOT_A_FLOAT): number {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  throw new CommandError(message);
}

/** One end of a range of scores. */
export interface ScoreBound {
  readonly score: number;
  readonly isExclusive: boolean;
}

/** `1.5`, `(1.5` for "not 1.5 itself", `-inf`, `+inf`. */
export function parseScoreBound(text: string): ScoreBound {
  const isExclusive = text.startsWith('(');
  return { score: parseFloat64(isExclusive ? text.slice(1) : text, 'ERR min or max is not a float'), isExclusive };
}

/** Units in which commands take times of expiry. */
export type ExpiryUnit = 'EX' | 'PX' | 'EXAT' | 'PXAT';

/** The time of expiry in milliseconds since the epoch; may lie in the past, where the command permits that. */
export function parseExpiry(text: string, unit: ExpiryUnit, nowMs: number, commandName: string): number {
  const amount = parseInteger(text);
  const amountMs = unit.startsWith('EX') ? amount * 1_000 : amount;
  const expiresAtMs = unit.endsWith('AT') ? amountMs : amountMs + nowMs;
  if (Math.abs(amountMs) >= 2 ** 63 || expiresAtMs >= 2 ** 63) throw invalidExpiry(commandName);
  return expiresAtMs;
}

/** Like `parseExpiry` where only amounts above zero make sense. */
export function parsePositiveExpiry(text: string, unit: ExpiryUnit, nowMs: number, commandName: string): number {
  if (parseInteger(text) <= 0) throw invalidExpiry(commandName);
  return parseExpiry(text, unit, nowMs, commandName);
}

function invalidExpiry(commandName: string): CommandError {
  return new CommandError(`ERR invalid expire time in '${commandName}' command`);
}
