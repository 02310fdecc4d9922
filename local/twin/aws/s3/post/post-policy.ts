import { s3Error } from '../s3-error.ts';

/** How many bytes a file may have. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** `undefined` where the policy says nothing of the size. */
type Size = SizeRange | undefined;

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly value: string; readonly shown: unknown }
  | ({ readonly kind: 'size' } & SizeRange);

/** Fields that no condition has to name, beside those that begin with `x-ignore-`. */
const FREE_FIELDS: ReadonlySet<string> = new Set(['file', 'policy', 'x-amz-signature']);

/**
 * Holds a form against its policy ("Creating a POST policy"): each condition has to be met, and each field has to be named
 * by one.
 *
 * @param fields names in lower case, with `bucket`.
 * @returns how many bytes the file may have.
 * @throws AwsError AccessDenied or InvalidPolicyDocument, as S3 does.
 */
export function checkPostPolicy(encoded: string, fields: ReadonlyMap<string, string>, nowMs: number): Size {
  const { expirationMs, conditions } = parsePolicy(encoded);
  if (expirationMs <= nowMs) throw denied('Policy expired.');
  const covered = new Set<string>();
  let size: Size;
  for (const condition of conditions) {
    if (condition.kind === 'size') {
      size = condition;
      continue;
    }
    const { field, shown } = condition;
    covered.add(field);
    if (!isMet(condition, fields.get(field) ?? '')) throw denied(`Policy Condition failed: ${JSON.stringify(shown)}`);
  }
  const extra = [...fields.keys()].filter(
    (name) => !covered.has(name) && !FREE_FIELDS.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
  return size;
}

function isMet({ kind, field, value }: Exclude<Condition, { kind: 'size' }>, given: string): boolean {
  if (kind === 'eq') return given === value;
  // A browser may send several types, separated by commas: each has to begin so.
  const values = field === 'content-type' ? given.split(',') : [given];
  return values.every((entry) => entry.startsWith(value));
}

interface Policy {
  readonly expirationMs: number;
  readonly conditions: readonly Condition[];
}

function parsePolicy(encoded: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, 'base64').toString());
  } catch {
    throw invalid('Invalid JSON.');
  }
  const { expiration, conditions } = (document ?? {}) as {
    readonly expiration?: unknown;
    readonly conditions?: unknown;
  };
  if (typeof expiration !== 'string') throw invalid('Policy missing expiration.');
  const expirationMs = Date.parse(expiration);
  if (Number.isNaN(expirationMs)) throw invalid(`Invalid 'expiration' value: '${expiration}'`);
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.');
  return { expirationMs, conditions: conditions.flatMap(parseCondition) };
}

function parseCondition(condition: unknown): Condition[] {
  if (!Array.isArray(condition)) {
    const pairs = Object.entries((condition ?? {}) as Record<string, unknown>);
    if (pairs.length !== 1) {
      throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
    }
    return pairs.map(([name, value]) => match('eq', `$${name}`, value));
  }
  const [operator, first, second] = condition as readonly unknown[];
  const kind = String(operator).toLowerCase();
  if (kind === 'content-length-range') return [sizeRange(first, second)];
  if (kind === 'eq' || kind === 'starts-with') return [match(kind, first, second)];
  throw invalid(`Invalid Condition: unknown operation '${String(operator)}'.`);
}

function match(kind: 'eq' | 'starts-with', name: unknown, value: unknown): Condition {
  if (typeof name !== 'string' || !name.startsWith('$') || typeof value !== 'string') {
    throw invalid(`Invalid Condition: ${JSON.stringify([kind, name, value])}`);
  }
  return { kind, field: name.slice(1).toLowerCase(), value, shown: [kind, name, value] };
}

function sizeRange(first: unknown, second: unknown): Condition {
  const [min, max] = [Number(first), Number(second)];
  if (first === null || second === null || !Number.isInteger(min) || !Number.isInteger(max) || min < 0 || max < min) {
    throw invalid(`Invalid content-length-range: ${JSON.stringify([first, second])}`);
  }
  return { kind: 'size', min, max };
}

function denied(why: string): Error {
  return s3Error('AccessDenied', `Invalid according to Policy: ${why}`);
}

function invalid(why: string): Error {
  return s3Error('InvalidPolicyDocument', `Invalid Policy: ${why}`);
}
