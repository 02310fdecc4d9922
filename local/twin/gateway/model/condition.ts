import { isInRange, isRange } from './ip-address.ts';
import { isRecord } from './is-record.ts';
import { epochSeconds } from './iso-time.ts';
import { matchesWildcard } from './wildcard.ts';

/** The value of a condition key, in lower case (`aws:sourceip`), for one request; undefined where it has none. */
export type ConditionValues = (key: string) => string | undefined;

/** Whether a statement's Condition holds for a request. */
export type Condition = (values: ConditionValues) => boolean;

/** Holds a request's value against one of the policy's. */
type Compare = (actual: string, expected: string) => boolean;

interface Operator {
  readonly compare: Compare;
  /** A negated operator holds where no value of the policy matches, and where the key is missing. */
  readonly negated: boolean;
  /** Whether a value of the policy is of the operator's kind. */
  readonly accepts?: (expected: string) => boolean;
}

const isTime = (text: string) => epochSeconds(text) !== undefined;
const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));

function comparison(read: (text: string) => number, accepts: (text: string) => boolean, prefix: string) {
  const operator = (test: (a: number, b: number) => boolean, negated = false): Operator => ({
    compare: (actual, expected) => test(read(actual), read(expected)),
    negated,
    accepts,
  });
  return {
    [`${prefix}Equals`]: operator((a, b) => a === b),
    [`${prefix}NotEquals`]: operator((a, b) => a === b, true),
    [`${prefix}LessThan`]: operator((a, b) => a < b),
    [`${prefix}LessThanEquals`]: operator((a, b) => a <= b),
    [`${prefix}GreaterThan`]: operator((a, b) => a > b),
    [`${prefix}GreaterThanEquals`]: operator((a, b) => a >= b),
  };
}

const equal: Compare = (actual, expected) => actual === expected;
const equalIgnoringCase: Compare = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const like: Compare = (actual, expected) => matchesWildcard(expected, actual);

/** IAM user guide, "IAM JSON policy elements: Condition operators". */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equal, negated: false },
  StringNotEquals: { compare: equal, negated: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negated: true },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: like, negated: false },
  ArnNotEquals: { compare: like, negated: true },
  ArnLike: { compare: like, negated: false },
  ArnNotLike: { compare: like, negated: true },
  Bool: { compare: equalIgnoringCase, negated: false },
  IpAddress: { compare: isInRange, negated: false, accepts: isRange },
  NotIpAddress: { compare: isInRange, negated: true, accepts: isRange },
  ...comparison(Number, isNumber, 'Numeric'),
  ...comparison((text) => epochSeconds(text) ?? Number.NaN, isTime, 'Date'),
};

/** Reads a Condition element. Answers the condition, or what the twin cannot evaluate, as a part of a sentence. */
export function parseCondition(element: unknown): Condition | string {
  if (!isRecord(element)) return 'Condition is not an object';
  const parts: Condition[] = [];
  for (const [name, block] of Object.entries(element)) {
    if (!isRecord(block)) return `Condition.${name} is not an object`;
    for (const [key, raw] of Object.entries(block)) {
      const expected = (Array.isArray(raw) ? raw : [raw]).map(String);
      const part = parsePart(name, key, expected);
      if (typeof part === 'string') return part;
      parts.push(part);
    }
  }
  return (values) => parts.every((part) => part(values));
}

function parsePart(name: string, key: string, expected: readonly string[]): Condition | string {
  const [, set, base = '', ifExists] = /^(ForAnyValue:|ForAllValues:)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const lower = key.toLowerCase();
  if (base === 'Null') return (values) => expected.includes(String(values(lower) === undefined));
  const operator = Object.hasOwn(OPERATORS, base) ? OPERATORS[base] : undefined;
  if (operator === undefined) return `the Condition operator ${name} is not evaluated by the twin`;
  const { compare, negated, accepts } = operator;
  const wrong = accepts && expected.find((value) => !accepts(value));
  if (wrong !== undefined)
    return `Condition.${name}.${key} has the value ${JSON.stringify(wrong)}, which ${base} does not take`;
  const whenMissing = negated || ifExists !== undefined || set === 'ForAllValues:';
  return (values) => {
    const actual = values(lower);
    return actual === undefined ? whenMissing : expected.some((value) => compare(actual, value)) !== negated;
  };
}
