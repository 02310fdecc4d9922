import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMultipartForm } from '../../../../../../local/twin/aws/s3/post/multipart-form.ts';

const type = 'multipart/form-data; boundary=frontier';
const part = (disposition: string, content: string) =>
  `--frontier\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
}
const read = (text: string, size = 1_000, contentType = type) => readMultipartForm(contentType, pieces(text, size));
async function fileOf(form: Awaited<ReturnType<typeof read>>) {
  const parts: Uint8Array[] = [];
  for await (const bytes of form.file.body) parts.push(bytes);
  return Buffer.concat(parts).toString('latin1');
}

describe('readMultipartForm', () => {
  it('reads fields and file, however they are cut on the wire', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary-ascii' }),
        fc.constantFrom('', '\r\n', '\r\n--fron', '--frontier', '\r\n\r\n--frontie'),
        fc.integer({ min: 1, max: 50 }),
        async (content, tail, size) => {
          const wire = `${part('name="key"', 'a/b')}${part('name="file"; filename="c.mp4"', content + tail)}--frontier--\r\n`;
          const form = await read(wire, size);
          expect(form.fields).toEqual([['key', 'a/b']]);
          expect(form.file.name).toBe('c.mp4');
          expect(await fileOf(form)).toBe(content + tail);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes a boundary in quotes, and ignores what follows the file', async () => {
    const wire = `${part('name="file"', 'x')}${part('name="submit"', 'Upload')}--frontier--`;
    const form = await read(wire, 7, 'multipart/form-data; charset=utf-8; boundary="frontier"');
    expect([form.fields, form.file.name, await fileOf(form)]).toEqual([[], '', 'x']);
  });

  it.each([
    ['no file', `${part('name="key"', 'a')}--frontier--\r\n`, 'POST requires exactly one file upload per request.'],
    ['a part without a name', part('filename="a"', 'x'), 'is not well-formed'],
    [
      'an end that is missing',
      '--frontier\r\nContent-Disposition: form-data; name="key"\r\n\r\na',
      'is not well-formed',
    ],
    ['too many fields', part('name="key"', 'x'.repeat(20_600)), 'fields preceding the upload file were too large'],
  ])('fails on %s', async (_, wire, message) => {
    await expect(read(wire)).rejects.toThrow(message);
  });

  it('fails on what is no form', async () => {
    await expect(read('', 1, 'application/json')).rejects.toThrow('must be of the enclosure-type multipart/form-data');
  });
});
