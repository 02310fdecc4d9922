import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientNetwork } from '../../../lambdas/middleware/client-network.ts';

describe('clientNetwork', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['::ffff:192.0.2.33', '192.0.2.33'],
    ['::ffff:c000:221', '192.0.2.33'],
    ['0:0:0:0:0:ffff:c000:0221', '192.0.2.33'],
    ['test-invoke-source-ip', 'test-invoke-source-ip'],
  ])('groups %s as %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });

  it('puts all addresses of a /64 together, however they are written, and those of two apart', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    const write = (all: readonly number[]) => all.map((group) => group.toString(16)).join(':');
    fc.assert(
      fc.property(groups, groups, groups, (net, host, other) => {
        const network = clientNetwork(write([...net, ...host]));
        expect(clientNetwork(write([...net, ...other]).toUpperCase())).toBe(network);
        expect(clientNetwork(`${write(net)}::`)).toBe(network);
        const [first = 0, ...rest] = net;
        expect(clientNetwork(write([first ^ 1, ...rest, ...host]))).not.toBe(network);
      }),
    );
  });
});
