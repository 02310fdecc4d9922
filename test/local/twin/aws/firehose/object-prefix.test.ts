import { describe, expect, it } from 'vitest';
import { checkErrorPrefix, objectPrefix } from '../../../../../local/twin/aws/firehose/object-prefix.ts';

const atMs = Date.UTC(2026, 0, 2, 13);

describe('objectPrefix', () => {
  it.each([
    ['', '2026/01/02/13/'],
    ['events/', 'events/2026/01/02/13/'],
    ['year=!{timestamp:yyyy}/day=!{timestamp:dd}/', 'year=2026/day=02/'],
    ['!{timestamp:yyyy-MM-dd}', '2026-01-02'],
  ])('evaluates %j', (prefix, expected) => {
    expect(objectPrefix(prefix, 'UTC')(atMs)).toBe(expected);
  });

  it('makes up another random text for each expression', () => {
    const evaluate = objectPrefix('!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}/', 'UTC');
    const [, first, second] = /^(\w{11})\/(\w{11})\/2026\/$/.exec(evaluate(atMs)) ?? [];
    expect(first).toBeDefined();
    expect(first).not.toBe(second);
  });

  it.each([
    ['a/!{firehose:error-output-type}/', '!{firehose:error-output-type} is for ErrorOutputPrefix'],
    ['!{partitionKeyFromQuery:id}/', '!{partitionKeyFromQuery:id} needs dynamic partitioning, which is not there'],
    ['!{other:x}/', '!{other:x} is no expression of Firehose'],
    ['!{timestamp:YYYY}/', "'YYYY' has Y, the year of weeks; write y"],
  ])('fails on %s', (prefix, message) => {
    expect(() => objectPrefix(prefix, 'UTC')).toThrow(new RangeError(message));
  });
});

describe('checkErrorPrefix', () => {
  it.each([
    ['events/', undefined],
    ['events/', 'failed/'],
    ['!{timestamp:yyyy}/', 'failed/'],
    ['!{timestamp:yyyy}/', 'failed/!{firehose:error-output-type}/!{timestamp:yyyy}/'],
  ])('takes %s with %s', (prefix, errorPrefix) => {
    expect(() => checkErrorPrefix(prefix, errorPrefix)).not.toThrow();
  });

  it('fails where what fails has no place, or no kind', () => {
    expect(() => checkErrorPrefix('!{timestamp:yyyy}/', undefined)).toThrow(
      'a Prefix with expressions needs an ErrorOutputPrefix',
    );
    expect(() => checkErrorPrefix('a/', 'failed/!{timestamp:yyyy}/')).toThrow(
      'an ErrorOutputPrefix with expressions needs !{firehose:error-output-type} among them',
    );
  });
});
