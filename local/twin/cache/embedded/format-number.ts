/** A score as a bulk string: the shortest form that reads back as the same number, `inf` and `-inf`. */
export function formatScore(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * A Lua number as a command argument: integers in full, others with 17 significant digits, as C prints `%.17g`
 * (Redis and Valkey, script_lua.c, luaArgsToRedisArgv).
 */
export function formatLuaNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return formatScore(value);
  const [mantissa = '', exponentText = '0'] = value.toExponential(16).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 17) return trimZeros(value.toFixed(16 - exponent));
  const sign = exponent < 0 ? '-' : '+';
  return `${trimZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

const FRACTION_DIGITS = 17;

/**
 * Sum of two decimal numbers, exact to 17 digits after the point, without trailing zeros. Redis adds long doubles and
 * prints `%.17Lf`, so that 0.1 + 0.2 is 0.3 there; 64-bit floats would say 0.30000000000000004.
 * Undefined if the sum is not finite.
 */
export function addDecimals(left: string, right: string): string | undefined {
  const leftUnits = toUnits(left);
  const rightUnits = toUnits(right);
  if (leftUnits === undefined || rightUnits === undefined) return undefined;
  const sum = leftUnits + rightUnits;
  const digits = String(sum < 0n ? -sum : sum).padStart(FRACTION_DIGITS + 1, '0');
  const text = trimZeros(`${digits.slice(0, -FRACTION_DIGITS)}.${digits.slice(-FRACTION_DIGITS)}`);
  return sum < 0n ? `-${text}` : text;
}

/** The number in units of 10^-17; what is smaller is cut off. */
function toUnits(text: string): bigint | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const shift = FRACTION_DIGITS - fraction.length + Number(exponentText);
  // Beyond the range of a double the digits would only fill the memory.
  if (Math.abs(shift) > 400) return shift > 0 ? undefined : 0n;
  const digits = BigInt(`0${whole}${fraction}`);
  const units = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -units : units;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
