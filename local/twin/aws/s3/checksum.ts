import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c, crc64nvme } from './crc-tables.ts';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Counts bytes as they pass; `digest` gives base64, once. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  digest(): string;
}

/** One of S3's checksums ("Checking object integrity"). */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  if (algorithm === 'CRC64NVME') return crc64nvme();
  if (algorithm === 'SHA1' || algorithm === 'SHA256') {
    const hash = createHash(algorithm);
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
  }
  const next = algorithm === 'CRC32' ? crc32 : crc32c;
  let value = 0;
  return {
    update: (bytes) => {
      value = next(bytes, value);
    },
    digest: () => {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(value);
      return digest.toString('base64');
    },
  };
}

/** `x-amz-checksum-crc32` → `CRC32`; undefined where the header is no checksum. */
export function algorithmOfHeader(header: string): ChecksumAlgorithm | undefined {
  const name = header.replace(/^x-amz-checksum-/, '').toUpperCase();
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name);
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}
