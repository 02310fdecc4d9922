import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunked } from '../../../../../../local/twin/aws/s3/wire/aws-chunked.ts';

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
}

async function decoded(text: string, size = text.length || 1) {
  const { body, trailer } = decodeChunked(pieces(text, size));
  const parts: Uint8Array[] = [];
  for await (const bytes of body) parts.push(bytes);
  return { text: Buffer.concat(parts).toString('latin1'), trailer };
}

describe('decodeChunked', () => {
  it('reads chunks and trailers, however they are cut on the wire', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, unit: 'binary-ascii' }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        async (chunks, size) => {
          const body = chunks
            .map((chunk) => `${chunk.length.toString(16)};chunk-signature=ab\r\n${chunk}\r\n`)
            .join('');
          const wire = `${body}0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n`;
          const { text, trailer } = await decoded(wire, size);
          expect(text).toBe(chunks.join(''));
          expect(trailer('x-amz-checksum-crc32')).toBe('AAAA');
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does without the empty line at the end', async () => {
    expect((await decoded('1\r\na\r\n0\r\n')).text).toBe('a');
    expect((await decoded('0\r\nx-a:1')).trailer('X-A')).toBeUndefined();
  });

  it.each([
    ['ends in a chunk', '5\r\nab', 'IncompleteBody'],
    ['ends before the last chunk', '1\r\na\r\n', 'IncompleteBody'],
    ['has no size', 'xyz\r\na\r\n', 'InvalidRequest'],
    ['has more than its size', '1\r\nab\r\n0\r\n', 'InvalidRequest'],
    ['has a line without end', 'a'.repeat(9_000), 'InvalidRequest'],
  ])('fails on a body that %s', async (_, text, type) => {
    await expect(decoded(text)).rejects.toMatchObject({ type });
  });
});
