interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Whether an address is in a CIDR range, `203.0.113.0/24` or `2001:db8::/32`; a range without a length is one address. */
export function isInRange(address: string, range: string): boolean {
  const [base = '', length] = range.split('/');
  const from = parseAddress(base);
  const of = parseAddress(address);
  if (from === undefined || of === undefined || from.bits !== of.bits) return false;
  const prefix = length === undefined ? from.bits : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > from.bits) return false;
  const shift = BigInt(from.bits - prefix);
  return from.value >> shift === of.value >> shift;
}

/** Whether the text is an address or a CIDR range. */
export function isRange(text: string): boolean {
  const [base = ''] = text.split('/');
  return isInRange(base, text);
}

function parseAddress(text: string): Address | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  return parseV4(mapped?.[1] ?? text) ?? parseV6(text);
}

function parseV4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return { bits: 32, value };
}

function parseV6(text: string): Address | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...before, ...Array<string>(missing).fill('0'), ...after]) {
    if (!/^[\da-f]{1,4}$/i.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return { bits: 128, value };
}
