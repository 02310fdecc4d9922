import { describe, expect, it } from 'vitest';
import { compileIpRange } from '../../../../../../local/twin/aws/iam/model/ip-range.ts';

describe('compileIpRange', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '10.0.0.1', false],
    ['10.0.0.0/8', 'not an address', false],
  ])('%s holds %s: %s', (range, address, expected) => {
    expect(compileIpRange(range)(address)).toBe(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', '::/129', '', '10.0.0.0/x'])('fails on %s', (range) => {
    expect(() => compileIpRange(range)).toThrow(
      new RangeError(`an IP address or CIDR block was expected, got '${range}'`),
    );
  });
});
