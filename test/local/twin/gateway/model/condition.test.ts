import { describe, expect, test } from 'vitest';
import { parseCondition } from '../../../../../local/twin/gateway/model/condition.ts';

const request: Record<string, string> = {
  'aws:sourceip': '203.0.113.7',
  'aws:currenttime': '1795305600', // 2026-11-22T00:00:00Z
  'aws:securetransport': 'true',
  'aws:useragent': 'curl/8.5',
};

function holds(element: unknown): boolean {
  const condition = parseCondition(element);
  if (typeof condition === 'string') throw new Error(condition);
  return condition((key) => request[key]);
}

describe('a condition', () => {
  test.each<[object, boolean]>([
    [{ StringEquals: { 'aws:UserAgent': ['wget', 'curl/8.5'] } }, true],
    [{ StringEquals: { 'aws:UserAgent': 'CURL/8.5' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:UserAgent': 'CURL/8.5' } }, true],
    [{ StringNotEquals: { 'aws:UserAgent': ['wget', 'curl/8.5'] } }, false],
    [{ StringNotEquals: { 'aws:Referer': 'x' } }, true],
    [{ StringLike: { 'aws:UserAgent': 'curl/*' } }, true],
    [{ StringNotLike: { 'aws:UserAgent': 'curl/?.?' } }, false],
    [{ StringLike: { 'aws:Referer': '*' } }, false],
    [{ StringLikeIfExists: { 'aws:Referer': 'x' } }, true],
    [{ 'ForAnyValue:StringLike': { 'aws:UserAgent': 'curl*' } }, true],
    [{ 'ForAllValues:StringLike': { 'aws:Referer': 'x' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/29' } }, true],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.8/29', '2001:db8::/32'] } }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.7' } }, false],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-11-22T00:00:01Z' } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-11-22T00:00:00Z' } }, false],
    [{ DateLessThanEquals: { 'aws:CurrentTime': '2026-11-22' } }, true],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-11-22T01:00:00+02:00' } }, true],
    [{ NumericGreaterThan: { 'aws:CurrentTime': 1_795_305_599 } }, true],
    [{ Bool: { 'aws:SecureTransport': false } }, false],
    [{ Null: { 'aws:Referer': true, 'aws:UserAgent': 'false' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:*' } }, false],
    [{ StringLike: { 'aws:UserAgent': '*' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{}, true],
  ])('%j is %s', (element, expected) => {
    expect(holds(element)).toBe(expected);
  });

  test.each<[unknown, string]>([
    ['x', 'Condition is not an object'],
    [{ StringEquals: 'x' }, 'Condition.StringEquals is not an object'],
    [{ BinaryEquals: { a: 'b' } }, 'the Condition operator BinaryEquals is not evaluated by the twin'],
    [
      { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } },
      'Condition.IpAddress.aws:SourceIp has the value "10.0.0.0/33", which IpAddress does not take',
    ],
    [
      { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } },
      'Condition.DateLessThan.aws:CurrentTime has the value "tomorrow", which DateLessThan does not take',
    ],
  ])('fails on %j', (element, reason) => {
    expect(parseCondition(element)).toBe(reason);
  });
});
