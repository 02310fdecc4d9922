import { BlockList, isIP } from 'node:net';
import { EventPatternError } from './event-pattern-error.ts';

/** Whether one leaf of an event (string, number, boolean or null) matches. */
export type LeafMatcher = (leaf: unknown) => boolean;

/** A matcher of strings alone: a number never starts with "1". */
export function onStrings(test: (text: string) => boolean): LeafMatcher {
  return (leaf) => typeof leaf === 'string' && test(leaf);
}

/**
 * `*` stands for any characters, `\*` and `\\` for themselves. Matches in one pass over the literals between the
 * asterisks, each at its first place, so that no pattern makes it slow.
 */
export function wildcardMatcher(pattern: string): LeafMatcher {
  const literals = wildcardLiterals(pattern);
  const [first = '', ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) return (leaf) => leaf === first;
  return onStrings((text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length) return false;
    const end = text.length - last.length;
    let from = first.length;
    for (const literal of rest) {
      const found = text.indexOf(literal, from);
      if (found < 0) return false;
      from = found + literal.length;
    }
    return from <= end && text.endsWith(last);
  });
}

function wildcardLiterals(pattern: string): string[] {
  const literals = [''];
  const append = (text: string): void => {
    literals.push((literals.pop() ?? '') + text);
  };
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') {
      if (pattern.charAt(index + 1) === '*') {
        throw new EventPatternError(`Consecutive wildcard characters at pos ${index}`);
      }
      literals.push('');
    } else if (character === '\\') {
      index += 1;
      const escaped = pattern.charAt(index);
      if (escaped !== '*' && escaped !== '\\') {
        throw new EventPatternError(`Invalid escape character at pos ${index - 1}`);
      }
      append(escaped);
    } else append(character);
  }
  return literals;
}

/** Addresses of IPv4 or IPv6 within a block, such as `10.0.0.0/24`. */
export function cidrMatcher(block: string): LeafMatcher {
  const [address = '', bits = '', ...more] = block.split('/');
  if (bits === '' || more.length > 0) throw new EventPatternError(`Malformed CIDR, one '/' required: ${block}`);
  const family = isIP(address);
  if (family === 0) throw new EventPatternError(`Nonstandard IP address: ${address}`);
  const most = family === 4 ? 32 : 128;
  if (!/^\d+$/.test(bits) || Number(bits) > most) {
    throw new EventPatternError(`Malformed CIDR, mask bits must be an integer from 0 to ${most}: ${block}`);
  }
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return onStrings((text) => isIP(text) === family && addresses.check(text, family === 4 ? 'ipv4' : 'ipv6'));
}
