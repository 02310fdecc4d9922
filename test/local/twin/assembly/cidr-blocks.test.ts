import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrBlocks } from '../../../../local/twin/assembly/cidr-blocks.ts';

describe('cidrBlocks', () => {
  it('divides an IPv6 block as VPCs do', () => {
    expect(cidrBlocks('2001:db8::/56', 3, 64)).toEqual(['2001:db8::/64', '2001:db8:0:1::/64', '2001:db8:0:2::/64']);
  });

  it('starts at the block even where the address is inside of it', () => {
    expect(cidrBlocks('10.0.3.7/16', 1, 8)).toEqual(['10.0.0.0/24']);
  });

  it('uses a block up to its last part, and fails on one part more', () => {
    expect(cidrBlocks('10.0.0.0/24', 4, 6).at(-1)).toBe('10.0.0.192/26');
    expect(() => cidrBlocks('10.0.0.0/24', 5, 6)).toThrow(
      'Fn::Cidr: 10.0.0.0/24 has no room for 5 blocks of 6 host bits',
    );
  });

  it.each(['10.0.0/16', '10.0.0.0', '10.0.0.256/16', 'x::/56', '10.0.0.0/33'])('fails on %s', (block) => {
    expect(() => cidrBlocks(block, 1, 8)).toThrow(`Fn::Cidr: '${block}' is not an address block such as 10.0.0.0/16`);
  });

  it('makes blocks that follow each other without overlap', () => {
    const asNumber = (block = ''): number =>
      (block.split('/')[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 24 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 256 }),
        (prefix, hostBits, wanted) => {
          const count = Math.min(wanted, 2 ** (32 - prefix - hostBits));
          const blocks = cidrBlocks(`10.0.0.0/${prefix}`, count, hostBits);
          expect(blocks.map(asNumber)).toEqual(blocks.map((_, index) => asNumber('10.0.0.0') + index * 2 ** hostBits));
        },
      ),
    );
  });
});
