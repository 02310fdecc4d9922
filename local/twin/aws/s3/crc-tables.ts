import type { Checksum } from './checksum.ts';

/** Castagnoli's polynomial, and that of NVMe, with their bits in reverse. */
const CASTAGNOLI = 0x82f63b78;
const NVME = 0x9a6c9329ac4bc9b5n;

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value >>> 0;
});

/** CRC-32C of bytes that follow those with the checksum `previous`. */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  let value = ~previous;
  for (const byte of bytes) value = (CRC32C_TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}

const CRC64_TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ NVME : value >> 1n;
  return value;
});
/** In halves: arithmetic of 64 bits is slow. */
const HIGH = Uint32Array.from(CRC64_TABLE, (value) => Number(value >> 32n));
const LOW = Uint32Array.from(CRC64_TABLE, (value) => Number(value & 0xffffffffn));

export function crc64nvme(): Checksum {
  let high = -1;
  let low = -1;
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
        high = (high >>> 8) ^ (HIGH[index] as number);
      }
    },
    digest: () => {
      const digest = Buffer.alloc(8);
      digest.writeUInt32BE(~high >>> 0, 0);
      digest.writeUInt32BE(~low >>> 0, 4);
      return digest.toString('base64');
    },
  };
}
