import { describe, expect, test } from 'vitest';
import { isInRange, isRange } from '../../../../../local/twin/gateway/model/ip-address.ts';

describe('isInRange', () => {
  test.each<[string, string, boolean]>([
    ['10.0.0.255', '10.0.0.0/24', true],
    ['10.0.1.0', '10.0.0.0/24', false],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['1.2.3.4', '1.2.3.4/32', true],
    ['1.2.3.5', '1.2.3.4', false],
    ['::ffff:127.0.0.1', '127.0.0.0/8', true],
    ['::1', '::1', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['1.2.3.4', '::/0', false],
    ['nonsense', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, range, expected) => {
    expect(isInRange(address, range)).toBe(expected);
  });
});

describe('isRange', () => {
  test.each(['1.2.3', '1.2.3.256', '1.2.3.4/33', '1.2.3.4/x', '1::2::3', ':::', '12345::', '1:2:3:4:5:6:7:8:9'])(
    'fails on %s',
    (text) => {
      expect(isRange(text)).toBe(false);
    },
  );
});
