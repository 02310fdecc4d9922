/** What every admission script reads of the controls: `{n}controls`. */
export interface ControlsHeader {
  readonly version: number;
  /** 0 to 1. */
  readonly overload: number;
  /** Place on the scale of priorities above which everything is shed; 100 sheds nobody. */
  readonly floor: number;
}

/** `struct` format `<I4dd`. */
const HEADER_BYTES = 20;

export function encodeControlsHeader({ version, overload, floor }: ControlsHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(version, 0);
  bytes.writeDoubleLE(overload, 4);
  bytes.writeDoubleLE(floor, 12);
  return bytes;
}

/** Undefined for what is no header. */
export function decodeControlsHeader(bytes: Buffer): ControlsHeader | undefined {
  if (bytes.length !== HEADER_BYTES) return undefined;
  return { version: bytes.readUInt32LE(0), overload: bytes.readDoubleLE(4), floor: bytes.readDoubleLE(12) };
}

/** Keys of one shard's controls; the tag keeps them beside all that its scripts use. */
export function controlsKeys(shard: number): { readonly header: string; readonly detail: string } {
  return { header: `{${shard}}controls`, detail: `{${shard}}controls:detail` };
}

/** Counts the units of cost that a shard was asked for under a fleet-wide limit: decimal, growing. */
export function demandKey(shard: number, policy: string): string {
  return `{${shard}}d:${policy}`;
}
