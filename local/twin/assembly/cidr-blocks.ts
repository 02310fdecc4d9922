import { TwinError } from '../twin-error.ts';

/**
 * `Fn::Cidr`: the first `count` blocks of `hostBits` host bits each within `block`, IPv4 or IPv6.
 *
 * @throws TwinError where the block cannot be read or has no room for so many.
 */
export function cidrBlocks(block: string, count: number, hostBits: number): string[] {
  const [address = '', prefixText = ''] = block.split('/');
  const isIpv6 = address.includes(':');
  const width = isIpv6 ? 128 : 32;
  const prefix = Number(prefixText);
  const start = isIpv6 ? parseIpv6(address) : parseIpv4(address);
  if (start === undefined || prefixText === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > width) {
    throw new TwinError('invalid-cidr', `Fn::Cidr: '${block}' is not an address block such as 10.0.0.0/16`);
  }
  if (
    !Number.isInteger(hostBits) ||
    hostBits < 1 ||
    hostBits > width - prefix ||
    count > 2 ** (width - prefix - hostBits)
  ) {
    throw new TwinError('invalid-cidr', `Fn::Cidr: ${block} has no room for ${count} blocks of ${hostBits} host bits`);
  }
  const base = (start >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from({ length: count }, (_, index) => {
    const first = base + (BigInt(index) << BigInt(hostBits));
    return `${isIpv6 ? formatIpv6(first) : formatIpv4(first)}/${width - hostBits}`;
  });
}

function parseIpv4(address: string): bigint | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function parseIpv6(address: string): bigint | undefined {
  const [head = '', tail] = address.split('::');
  const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** Fixed eight groups with `::` only for a tail of zeros, which is what blocks of subnets have. */
function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  return groups.join(':').replace(/(:0)+$/, '::');
}
