/**
 * Numbers of DynamoDB: decimals with 38 significant digits, of a magnitude between 1E-130 and 9.99…E+125. They travel and are
 * stored as text; its canonical form is plain: no exponent, no sign of plus, no zeros that say nothing.
 * Source: "Supported data types and naming rules", Amazon DynamoDB Developer Guide.
 */

const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,37})$/;
const NUMBER = /^(-?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const DIGITS_MAX = 38;
const EXPONENT_MAX = 125;
const EXPONENT_MIN = -130;
/** Up to 15 significant digits a double tells all decimals apart. */
const EXACT_AS_DOUBLE = 15;

interface Decimal {
  readonly isNegative: boolean;
  /** Significant digits, without zeros at either end; empty for zero. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/** The canonical form; `undefined` for what is no number, or one that DynamoDB cannot hold. */
export function canonicalNumber(text: string): string | undefined {
  if (PLAIN_INTEGER.test(text)) return text;
  const decimal = parse(text);
  if (!decimal) return undefined;
  const { digits, exponent } = decimal;
  if (digits.length > DIGITS_MAX || exponent > EXPONENT_MAX || exponent < EXPONENT_MIN) return undefined;
  return format(decimal);
}

/** Negative, zero or positive, as in sorting. Both have to be canonical. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length <= EXACT_AS_DOUBLE && right.length <= EXACT_AS_DOUBLE) return Number(left) - Number(right);
  return orderedNumber(left) < orderedNumber(right) ? -1 : 1;
}

/** `left + right`, or `left - right`, of canonical numbers; `undefined` where the result does not fit. */
export function addNumbers(left: string, right: string, sign: 1 | -1): string | undefined {
  if (left.length < EXACT_AS_DOUBLE && right.length < EXACT_AS_DOUBLE && !left.includes('.') && !right.includes('.')) {
    return String(Number(left) + sign * Number(right));
  }
  const decimals = Math.max(decimalsOf(left), decimalsOf(right));
  const sum = scaled(left, decimals) + BigInt(sign) * scaled(right, decimals);
  return canonicalNumber(`${sum}e-${decimals}`);
}

/** Text that compares as the number does, and that no other such text begins with. The number has to be canonical. */
export function orderedNumber(text: string): string {
  const { isNegative, digits, exponent } = parse(text) ?? { isNegative: false, digits: '', exponent: 0 };
  if (digits === '') return '1';
  // 0x200 keeps the exponent's character positive, and away from the terminators of keys.
  if (!isNegative) return `2${String.fromCharCode(0x200 + exponent)}${digits}`;
  let complement = '';
  for (const digit of digits) complement += 9 - Number(digit);
  return `0${String.fromCharCode(0x200 - exponent)}${complement}~`;
}

/** How many bytes a canonical number takes: one for two digits, one for the exponent, and one for a minus. */
export function numberBytes(text: string): number {
  const { isNegative, digits, exponent } = parse(text) ?? { isNegative: false, digits: '', exponent: 0 };
  if (digits === '') return 1;
  const pairs = Math.ceil(digits.length / 2) + (digits.length % 2 === 0 && exponent % 2 === 0 ? 1 : 0);
  return 1 + pairs + (isNegative ? 1 : 0);
}

function parse(text: string): Decimal | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, minus, whole = '', fraction = '', power = '0'] = match;
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  const exponent = digits.length - fraction.length - 1 + Number(power);
  const significant = digits.replace(/0+$/, '');
  return { isNegative: minus === '-' && significant !== '', digits: significant, exponent: significant ? exponent : 0 };
}

function format({ isNegative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = isNegative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function decimalsOf(plain: string): number {
  const dot = plain.indexOf('.');
  return dot < 0 ? 0 : plain.length - dot - 1;
}

function scaled(plain: string, decimals: number): bigint {
  return BigInt(plain.replace('.', '') + '0'.repeat(decimals - decimalsOf(plain)));
}
