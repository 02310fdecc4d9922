import { EventPatternError } from './event-pattern-error.ts';
import { cidrMatcher, type LeafMatcher, onStrings, wildcardMatcher } from './string-matchers.ts';

/** What one value in a pattern's array asks of a leaf; `absent`: that there is none. */
export type Expectation = { readonly kind: 'leaf'; readonly matches: LeafMatcher } | { readonly kind: 'absent' };

/** A value in the array of a field: a literal, or an object with one operator. */
export function compileExpectation(value: unknown): Expectation {
  if (Array.isArray(value) || value === undefined) {
    throw new EventPatternError('Match value must be String, number, true, false, or null');
  }
  if (typeof value !== 'object' || value === null) return leaf((found) => found === value);
  const [operator, operand] = onlyEntry(value, 'Match expression name not found');
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') {
      throw new EventPatternError('exists match pattern must be either true or false.');
    }
    return operand ? leaf(() => true) : { kind: 'absent' };
  }
  if (operator === 'numeric') return leaf(numericMatcher(operand));
  if (operator === 'cidr') return leaf(cidrMatcher(text(operand, 'prefix')));
  if (operator === 'anything-but') return leaf(anythingButMatcher(operand));
  return leaf(stringMatcher(operator, operand));
}

function leaf(matches: LeafMatcher): Expectation {
  return { kind: 'leaf', matches };
}

function stringMatcher(operator: string, operand: unknown): LeafMatcher {
  switch (operator) {
    case 'exactly': {
      const expected = text(operand, 'exact');
      return (found) => found === expected;
    }
    case 'equals-ignore-case':
      return ignoringCase(text(operand, operator), (found, expected) => found === expected);
    case 'prefix':
      return affixMatcher(operator, operand, (found, expected) => found.startsWith(expected));
    case 'suffix':
      return affixMatcher(operator, operand, (found, expected) => found.endsWith(expected));
    case 'wildcard':
      return wildcardMatcher(text(operand, operator));
    default:
      throw new EventPatternError(`Unrecognized match type ${operator}`);
  }
}

type Compare = (found: string, expected: string) => boolean;

function affixMatcher(operator: string, operand: unknown, compare: Compare): LeafMatcher {
  if (typeof operand !== 'object' || operand === null) {
    const expected = text(operand, operator);
    return onStrings((found) => compare(found, expected));
  }
  const [inner, expected] = onlyEntry(operand, `${operator} match pattern must be a string`);
  if (inner !== 'equals-ignore-case') throw new EventPatternError(`Unsupported ${operator} pattern: ${inner}`);
  return ignoringCase(text(expected, inner), compare);
}

function ignoringCase(expected: string, compare: Compare): LeafMatcher {
  const lower = expected.toLowerCase();
  return onStrings((found) => compare(found.toLowerCase(), lower));
}

const ANYTHING_BUT_OPERATORS = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

function anythingButMatcher(operand: unknown): LeafMatcher {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [operator, inner] = onlyEntry(operand, 'Anything-But expression name not found');
    if (!ANYTHING_BUT_OPERATORS.includes(operator)) {
      throw new EventPatternError(`Unsupported anything-but pattern: ${operator}`);
    }
    const operands: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
    if ((operator === 'prefix' || operator === 'suffix') && operands.includes('')) {
      throw new EventPatternError('Null prefix/suffix not allowed');
    }
    const matchers = operands.map((each) => stringMatcher(operator, each));
    return (found) => !matchers.some((matches) => matches(found));
  }
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const types = new Set(values.map((value) => typeof value));
  if ([...types].some((type) => type !== 'string' && type !== 'number')) {
    throw new EventPatternError('Inside anything but list, start|null|boolean is not supported.');
  }
  if (types.size !== 1) {
    throw new EventPatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  const excluded = new Set(values);
  return (found) => !excluded.has(found);
}

/** `["=", 1]`, `["<", 5]` or `[">", 0, "<=", 5]`: the lower bound stands first. */
function numericMatcher(operand: unknown): LeafMatcher {
  if (!Array.isArray(operand)) throw new EventPatternError('Value of numeric must be an array.');
  const [operator, bound, upperOperator, upper] = operand as readonly unknown[];
  const first = comparison(operator, bound, ['=', '>=', '>', '<=', '<'], 'Unrecognized numeric range operator');
  if (operand.length <= 2) return (found) => typeof found === 'number' && first(found);
  if (operator !== '>' && operator !== '>=') throw new EventPatternError('Too many elements in numeric expression');
  const second = comparison(upperOperator, upper, ['<', '<='], 'Bad numeric range operator');
  if (operand.length > 4) throw new EventPatternError('Too many terms in numeric range expression');
  if (Number(bound) >= Number(upper)) throw new EventPatternError('Bottom must be less than top');
  return (found) => typeof found === 'number' && first(found) && second(found);
}

function comparison(
  operator: unknown,
  bound: unknown,
  accepted: readonly string[],
  refusal: string,
): (found: number) => boolean {
  if (typeof operator !== 'string') throw new EventPatternError(`Invalid member in numeric match: ${operator}`);
  if (!accepted.includes(operator)) throw new EventPatternError(`${refusal}: ${operator}`);
  if (typeof bound !== 'number') {
    throw new EventPatternError(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  }
  switch (operator) {
    case '=':
      return (found) => found === bound;
    case '>':
      return (found) => found > bound;
    case '>=':
      return (found) => found >= bound;
    case '<':
      return (found) => found < bound;
    default:
      return (found) => found <= bound;
  }
}

function text(operand: unknown, operator: string): string {
  if (typeof operand === 'string') return operand;
  throw new EventPatternError(`${operator} match pattern must be a string`);
}

function onlyEntry(value: object, whenEmpty: string): [string, unknown] {
  const [entry, ...more] = Object.entries(value) as [string, unknown][];
  if (!entry) throw new EventPatternError(whenEmpty);
  if (more.length > 0) throw new EventPatternError('Only one key allowed in match expression');
  return entry;
}
