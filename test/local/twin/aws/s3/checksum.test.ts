import { describe, expect, it } from 'vitest';
import {
  algorithmOfHeader,
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  createChecksum,
} from '../../../../../local/twin/aws/s3/checksum.ts';

/** The check values of the catalogue of CRC algorithms, which are those of these nine digits; digests by RFC 3174 and FIPS 180-4. */
const DIGITS = Buffer.from('123456789');

describe('createChecksum', () => {
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('counts %s, at once and in parts', (algorithm, expected) => {
    const whole = createChecksum(algorithm);
    whole.update(DIGITS);
    const parts = createChecksum(algorithm);
    parts.update(DIGITS.subarray(0, 4));
    parts.update(DIGITS.subarray(4));
    const hexadecimal = Buffer.from(expected, 'hex').toString('base64');
    expect([whole.digest(), parts.digest()]).toEqual([hexadecimal, hexadecimal]);
  });

  it('is named by its header', () => {
    for (const algorithm of CHECKSUM_ALGORITHMS) expect(algorithmOfHeader(checksumHeader(algorithm))).toBe(algorithm);
    expect(algorithmOfHeader('x-amz-checksum-type')).toBeUndefined();
  });
});
