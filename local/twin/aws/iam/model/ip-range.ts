import { BlockList, isIP } from 'node:net';

/** Whether an address lies in a CIDR block, or is the address given. Other spellings match nothing. */
export function compileIpRange(range: string): (address: string) => boolean {
  const [base = '', bits] = range.split('/');
  const family = familyOf(base);
  const size = bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits);
  if (family === undefined || !Number.isInteger(size) || size < 0 || size > (family === 'ipv4' ? 32 : 128)) {
    throw new RangeError(`an IP address or CIDR block was expected, got '${range}'`);
  }
  const list = new BlockList();
  list.addSubnet(base, size, family);
  return (address) => {
    const asked = familyOf(address);
    return asked === family && list.check(address, asked);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
