import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '../../../../local/twin/event-patterns/event-pattern.ts';
import { EventPatternError } from '../../../../local/twin/event-patterns/event-pattern-error.ts';

const event = {
  source: 'aws.ec2',
  resources: ['arn:one', 'arn:two'],
  detail: {
    state: 'running',
    count: 5,
    limit: 301.8,
    ip: '10.0.0.33',
    ip6: '2001:db8::7',
    file: '/dir/a/photo.PNG',
    empty: '',
    nothing: null,
    yes: true,
    none: [],
    disks: [
      { name: 'root', size: 10 },
      { name: 'data', size: 20, spare: true },
    ],
  },
};

/** Matches or not, by an expectation of one field of `detail`. */
const rows: readonly [string, unknown[], boolean][] = [
  ['state', ['running'], true],
  ['state', ['stopped', 'running'], true],
  ['state', ['Running'], false],
  ['count', [5], true],
  ['count', ['5'], false],
  ['limit', [3.018e2], true],
  ['nothing', [null], true],
  ['empty', [''], true],
  ['empty', [null], false],
  ['missing', [null], false],
  ['yes', [true], true],
  ['yes', ['true'], false],
  ['state', [{ prefix: 'run' }], true],
  ['state', [{ prefix: 'RUN' }], false],
  ['state', [{ prefix: { 'equals-ignore-case': 'RUN' } }], true],
  ['count', [{ prefix: '5' }], false],
  ['file', [{ suffix: '.PNG' }], true],
  ['file', [{ suffix: '.png' }], false],
  ['file', [{ suffix: { 'equals-ignore-case': '.png' } }], true],
  ['state', [{ 'equals-ignore-case': 'RUNNING' }], true],
  ['state', [{ 'equals-ignore-case': 'RUNNIN' }], false],
  ['state', [{ exactly: 'running' }], true],
  ['state', [{ 'anything-but': 'running' }], false],
  ['state', [{ 'anything-but': ['stopped', 'ended'] }], true],
  ['state', [{ 'anything-but': 5 }], true],
  ['count', [{ 'anything-but': [4, 5] }], false],
  ['missing', [{ 'anything-but': 'running' }], false],
  ['state', [{ 'anything-but': { prefix: 'run' } }], false],
  ['state', [{ 'anything-but': { prefix: ['stop', 'end'] } }], true],
  ['file', [{ 'anything-but': { suffix: '.PNG' } }], false],
  ['state', [{ 'anything-but': { 'equals-ignore-case': ['RUNNING'] } }], false],
  ['file', [{ 'anything-but': { wildcard: '*/a/*' } }], false],
  ['count', [{ numeric: ['=', 5] }], true],
  ['count', [{ numeric: ['>', 5] }], false],
  ['count', [{ numeric: ['>=', 5] }], true],
  ['count', [{ numeric: ['<', 5] }], false],
  ['count', [{ numeric: ['<=', 5] }], true],
  ['count', [{ numeric: ['>', 0, '<=', 5] }], true],
  ['count', [{ numeric: ['>', 0, '<', 5] }], false],
  ['state', [{ numeric: ['>', 0] }], false],
  ['state', [{ exists: true }], true],
  ['state', [{ exists: false }], false],
  ['nothing', [{ exists: true }], true],
  ['missing', [{ exists: false }], true],
  ['missing', [{ exists: true }], false],
  ['missing', [{ exists: false }, 'running'], true],
  ['disks', [{ exists: true }], false],
  ['none', [{ exists: true }], false],
  ['none', [{ exists: false }], true],
  ['ip', [{ cidr: '10.0.0.0/24' }], true],
  ['ip', [{ cidr: '10.0.1.0/24' }], false],
  ['ip', [{ cidr: '10.0.0.33/32' }], true],
  ['ip6', [{ cidr: '2001:db8::/64' }], true],
  ['state', [{ cidr: '10.0.0.0/24' }], false],
  ['file', [{ wildcard: '/dir/*.PNG' }], true],
  ['file', [{ wildcard: '/dir/*/*.PNG' }], true],
  ['file', [{ wildcard: '*b*' }], false],
  ['file', [{ wildcard: '/dir/a/photo.PNG' }], true],
];

describe('event pattern', () => {
  it.each(rows)('over %s with %j answers %s', (field, expectation, matches) => {
    expect(compileEventPattern({ detail: { [field]: expectation } })(event)).toBe(matches);
  });

  it('takes JSON text as well as an object', () => {
    expect(compileEventPattern('{"source":["aws.ec2"]}')(event)).toBe(true);
  });

  it('wants all fields, and any of a field’s values', () => {
    expect(compileEventPattern({ source: ['aws.ec2'], detail: { count: [4] } })(event)).toBe(false);
    expect(compileEventPattern({ source: ['aws.ec2'], detail: { count: [4, 5] } })(event)).toBe(true);
  });

  it('matches an array by any of its elements', () => {
    expect(compileEventPattern({ resources: ['arn:two'] })(event)).toBe(true);
    expect(compileEventPattern({ resources: [{ 'anything-but': 'arn:two' }] })(event)).toBe(true);
  });

  it('wants one element of an array to have all fields that stand below it', () => {
    const disks = (fields: object) => compileEventPattern({ detail: { disks: fields } })(event);
    expect(disks({ name: ['data'], size: [20] })).toBe(true);
    expect(disks({ name: ['root'], size: [20] })).toBe(false);
  });

  it('takes a field for absent only where no element of an array has it', () => {
    expect(compileEventPattern({ detail: { disks: { spare: [{ exists: false }] } } })(event)).toBe(false);
    expect(compileEventPattern({ detail: { disks: { other: [{ exists: false }] } } })(event)).toBe(true);
    expect(compileEventPattern({ gone: { other: [{ exists: false }] } })(event)).toBe(true);
    expect(compileEventPattern({ detail: { none: { other: [{ exists: false }] } } })(event)).toBe(true);
  });

  it('joins objects by $or, beside other fields, nested, and within one array element', () => {
    const matches = (pattern: object) => compileEventPattern(pattern)(event);
    expect(matches({ source: ['aws.ec2'], $or: [{ detail: { count: [1] } }, { resources: ['arn:one'] }] })).toBe(true);
    expect(matches({ source: ['other'], $or: [{ detail: { count: [5] } }, { resources: ['arn:one'] }] })).toBe(false);
    expect(matches({ detail: { $or: [{ count: [1] }, { $or: [{ state: ['x'] }, { yes: [true] }] }] } })).toBe(true);
    expect(matches({ detail: { disks: { name: ['root'], $or: [{ size: [20] }, { spare: [true] }] } } })).toBe(false);
  });

  it('never looks at what an object inherits', () => {
    expect(compileEventPattern({ constructor: [{ exists: false }] })({})).toBe(true);
    expect(compileEventPattern({ detail: { toString: [{ exists: true }] } })(event)).toBe(false);
  });

  it('takes an asterisk and a backslash literally where they are escaped', () => {
    const matches = compileEventPattern({ text: [{ wildcard: 'a\\*b\\\\*' }] });
    expect(matches({ text: 'a*b\\c' })).toBe(true);
    expect(matches({ text: 'axb\\c' })).toBe(false);
  });

  it.each<[unknown, string]>([
    ['[]', 'Filter is not an object'],
    ['{', "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
    [{}, 'Empty objects are not allowed'],
    [{ detail: {} }, 'Empty objects are not allowed'],
    [{ source: 'aws.ec2' }, '"source" must be an object or an array'],
    [{ source: [] }, 'Empty arrays are not allowed'],
    [{ source: [['a']] }, 'Match value must be String, number, true, false, or null'],
    [{ source: [{}] }, 'Match expression name not found'],
    [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression'],
    [{ source: [{ starts: 'a' }] }, 'Unrecognized match type starts'],
    [{ source: [{ prefix: 5 }] }, 'prefix match pattern must be a string'],
    [{ source: [{ 'equals-ignore-case': null }] }, 'equals-ignore-case match pattern must be a string'],
    [{ source: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
    [{ source: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
    [{ source: [{ numeric: ['~', 5] }] }, 'Unrecognized numeric range operator: ~'],
    [{ source: [{ numeric: ['=', '5'] }] }, 'Value of equals must be numeric'],
    [{ source: [{ numeric: ['<', 5, '>', 1] }] }, 'Too many elements in numeric expression'],
    [{ source: [{ numeric: ['>', 5, '>', 1] }] }, 'Bad numeric range operator: >'],
    [{ source: [{ numeric: ['>', 5, '<', 5] }] }, 'Bottom must be less than top'],
    [{ source: [{ 'anything-but': [null] }] }, 'Inside anything but list, start|null|boolean is not supported.'],
    [
      { source: [{ 'anything-but': ['a', 1] }] },
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    [{ source: [{ 'anything-but': { numeric: [] } }] }, 'Unsupported anything-but pattern: numeric'],
    [{ source: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
    [{ source: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required: 10.0.0.0"],
    [{ source: [{ cidr: '10.0.0.0/33' }] }, 'Malformed CIDR, mask bits must be an integer from 0 to 32: 10.0.0.0/33'],
    [{ source: [{ cidr: 'ten/8' }] }, 'Nonstandard IP address: ten'],
    [{ source: [{ wildcard: 'a**b' }] }, 'Consecutive wildcard characters at pos 1'],
    [{ source: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 1'],
    [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
    [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [{ $or: [{ a: [1] }, 5] }, 'Only JSON object is allowed in array of $or relationship.'],
  ])('fails on %j', (pattern, reason) => {
    expect(() => compileEventPattern(pattern)).toThrow(new EventPatternError(reason));
    expect(() => compileEventPattern(pattern)).toThrow(`Event pattern is not valid. Reason: ${reason}`);
  });
});

describe('event pattern, by property', () => {
  const leaf = fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -9, max: 9 }), fc.boolean(), fc.constant(null));

  it('matches an event by its own literals', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), leaf, { minKeys: 1 }), (fields) => {
        const pattern = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]));
        expect(compileEventPattern(pattern)(fields)).toBe(true);
        expect(compileEventPattern({ $or: [pattern, { zzzz: ['never'] }] })(fields)).toBe(true);
        expect(compileEventPattern({ ...pattern, zzzz: [{ exists: true }] })(fields)).toBe(false);
      }),
    );
  });

  it('has anything-but say the opposite of each operator where the field is a string', () => {
    const operator = fc.constantFrom('prefix', 'suffix', 'equals-ignore-case', 'wildcard');
    const short = fc.stringMatching(/^[abAB]{1,3}$/);
    fc.assert(
      fc.property(operator, short, short, (name, operand, text) => {
        const plain = compileEventPattern({ text: [{ [name]: operand }] })({ text });
        const negated = compileEventPattern({ text: [{ 'anything-but': { [name]: operand } }] })({ text });
        expect(negated).toBe(!plain);
      }),
    );
  });

  it('matches wildcards as the regular expression of the same meaning does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(\*?[ab]){0,4}\*?$/), fc.stringMatching(/^[ab]{0,8}$/), (wildcard, text) => {
        const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(text);
        expect(compileEventPattern({ text: [{ wildcard }] })({ text })).toBe(expected);
      }),
    );
  });

  it('bounds numbers as arithmetic does', () => {
    const number = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(number, number, number, (low, high, found) => {
        fc.pre(low < high);
        const matches = compileEventPattern({ n: [{ numeric: ['>=', low, '<', high] }] });
        expect(matches({ n: found })).toBe(low <= found && found < high);
      }),
    );
  });
});
