import type { Context } from './context.ts';
import { compileIpRange } from './ip-range.ts';
import { compilePattern, type PatternOptions } from './pattern.ts';

/** Whether a value of the request matches one value of the policy. */
export interface ValueTest {
  /** Condition keys that policy variables ask for. */
  readonly variables: readonly string[];
  matches(value: string, context: Context): boolean;
}

type CompileTest = (policyValue: string, hasVariables: boolean) => ValueTest;

/** A condition operator without its qualifiers. */
export interface Operator {
  /** Whether the condition holds where *no* policy value matches, and so where the key is missing. */
  readonly negated: boolean;
  readonly compile: CompileTest;
}

const text =
  (options: PatternOptions): CompileTest =>
  (policyValue, variables) =>
    compilePattern(policyValue, { ...options, variables });

const plain =
  (parse: (policyValue: string) => (value: string) => boolean): CompileTest =>
  (policyValue) => ({ variables: [], matches: parse(policyValue) });

const numeric = (holds: (value: number, limit: number) => boolean): CompileTest =>
  plain((policyValue) => {
    const limit = numberOf(policyValue);
    if (Number.isNaN(limit)) throw new RangeError(`a number was expected, got '${policyValue}'`);
    return (value) => holds(numberOf(value), limit);
  });

const date = (holds: (value: number, limit: number) => boolean): CompileTest =>
  plain((policyValue) => {
    const limit = timeOf(policyValue);
    if (Number.isNaN(limit)) throw new RangeError(`a date was expected, got '${policyValue}'`);
    return (value) => holds(timeOf(value), limit);
  });

/** ArnEquals and ArnLike are the same: each of the six parts between colons may have wildcards, and none reaches beyond its part. */
const arn: CompileTest = (policyValue, variables) => {
  const patterns = arnParts(policyValue).map((part) => compilePattern(part, { variables }));
  return {
    variables: patterns.flatMap((pattern) => pattern.variables),
    matches: (value, context) => {
      const parts = arnParts(value);
      return parts.length === patterns.length && patterns.every((p, index) => p.matches(parts[index] ?? '', context));
    },
  };
};

const bool = plain((policyValue) => {
  const wanted = policyValue.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') throw new RangeError(`true or false was expected, got '${policyValue}'`);
  return (value) => value.toLowerCase() === wanted;
});

const pair = (positive: string, negative: string, compile: CompileTest): Record<string, Operator> => ({
  [positive]: { negated: false, compile },
  [negative]: { negated: true, compile },
});

/** Every operator but Null, by name in lower case. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  ...pair('stringequals', 'stringnotequals', text({ wildcards: false })),
  ...pair('stringequalsignorecase', 'stringnotequalsignorecase', text({ wildcards: false, ignoreCase: true })),
  ...pair('stringlike', 'stringnotlike', text({})),
  ...pair(
    'numericequals',
    'numericnotequals',
    numeric((value, limit) => value === limit),
  ),
  numericlessthan: { negated: false, compile: numeric((value, limit) => value < limit) },
  numericlessthanequals: { negated: false, compile: numeric((value, limit) => value <= limit) },
  numericgreaterthan: { negated: false, compile: numeric((value, limit) => value > limit) },
  numericgreaterthanequals: { negated: false, compile: numeric((value, limit) => value >= limit) },
  ...pair(
    'dateequals',
    'datenotequals',
    date((value, limit) => value === limit),
  ),
  datelessthan: { negated: false, compile: date((value, limit) => value < limit) },
  datelessthanequals: { negated: false, compile: date((value, limit) => value <= limit) },
  dategreaterthan: { negated: false, compile: date((value, limit) => value > limit) },
  dategreaterthanequals: { negated: false, compile: date((value, limit) => value >= limit) },
  bool: { negated: false, compile: bool },
  binaryequals: { negated: false, compile: text({ wildcards: false }) },
  ...pair('ipaddress', 'notipaddress', plain(compileIpRange)),
  ...pair('arnequals', 'arnnotequals', arn),
  ...pair('arnlike', 'arnnotlike', arn),
};

/** Six parts; the last keeps its colons. A lone `*` is every ARN. */
function arnParts(text: string): string[] {
  if (text === '*') return ['*', '*', '*', '*', '*', '*'];
  const parts = text.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Milliseconds of an ISO 8601 date, or of seconds since 1970. */
function timeOf(text: string): number {
  return /^\d{5,}(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
}
