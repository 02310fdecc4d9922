import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { limitMemory } from '../../../../lambdas/adapters/media/limit-memory.ts';
import { createMediaProbe } from '../../../../lambdas/adapters/media/media-probe.ts';
import { MEDIA_INFO_PATH } from '../../../support/codec-bytes.ts';
import { samplePng } from '../../../support/sample-images.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** A memory of 1 to 32,768 pages and nothing else, the maximum in three bytes as the packages have it. */
const MODULE = new Uint8Array([...HEADER, 0x05, 0x06, 0x01, 0x01, 0x01, 0x80, 0x80, 0x02]);

describe('limitMemory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-probe-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes the maximum in as many bytes as were there, and leaves the module alone', () => {
    const given = Uint8Array.from(MODULE);
    expect([...limitMemory(given, 2)]).toEqual([...MODULE.slice(0, -3), 0xa0, 0x80, 0x00]);
    expect(given).toEqual(MODULE);
  });

  it('lets the probe break down over a file that inflates to more, instead of the function that it is part of', async () => {
    const limited = join(folder, 'limited.wasm');
    writeFileSync(limited, limitMemory(readFileSync(MEDIA_INFO_PATH), 64));
    const png = Buffer.from(await samplePng(90, 60));
    const profile = (mebibytes: number) => {
      const content = Buffer.concat([Buffer.from('iCCPa\0\0'), deflateSync(Buffer.alloc(mebibytes * 1_024 ** 2))]);
      const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
      length.writeUInt32BE(content.length - 4);
      checksum.writeUInt32BE(crc32(content));
      // Signature and IHDR have 33 bytes.
      return Buffer.concat([png.subarray(0, 33), length, content, checksum, png.subarray(33)]);
    };
    const look = (file: Uint8Array) =>
      createMediaProbe(limited)(file.length, async (length, offset) => file.subarray(offset, offset + length));
    expect(await look(profile(1))).toMatchObject({ format: 'png', width: 90 });
    expect(await look(profile(64))).toBeUndefined();
  });

  it.each([
    ['without a memory', Uint8Array.from(HEADER), 'the module has no memory of its own'],
    ['without a maximum', new Uint8Array([...HEADER, 0x05, 0x03, 0x01, 0x00, 0x01]), 'has no maximum that 32 pages'],
    [
      'with a lower one',
      new Uint8Array([...HEADER, 0x05, 0x04, 0x01, 0x01, 0x01, 0x02]),
      'has no maximum that 32 pages',
    ],
    ['that is cut off', MODULE.subarray(0, 9), 'the module is cut off'],
  ])('fails for a module %s', (_, module, message) => {
    expect(() => limitMemory(module, 2)).toThrow(message);
  });
});
