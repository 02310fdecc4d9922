import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whom an address stands for. An IPv6 caller owns a /64 at least, so that its 2⁶⁴ addresses count as one; an IPv4 address
 * that is written as IPv6 counts as the IPv4 address that it is. Anything else counts as it is written.
 */
export function clientNetwork(address: string): string {
  if (isIPv4(address) || !isIPv6(address)) return address;
  const groups = expand(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight 16-bit groups of an address that is known to be valid (RFC 4291, section 2.2). */
function expand(address: string): readonly number[] {
  const [withoutZone = ''] = address.split('%');
  const [head = '', tail] = withoutZone.split('::');
  const left = parseGroups(head);
  if (tail === undefined) return left;
  const right = parseGroups(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function parseGroups(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => (group.includes('.') ? parseDotted(group) : [Number.parseInt(group, 16)]));
}

/** `192.0.2.1` at the end of an IPv6 address is two groups. */
function parseDotted(text: string): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
}
