import { describe, expect, it } from 'vitest';
import { readZip } from '../../../../local/twin/functions/read-zip.ts';
import { zipArchive } from '../../../support/zip-archive.ts';

const contents = (archive: Buffer) => readZip(archive).map(({ path, content }) => [path, content.toString()]);

describe('readZip', () => {
  it('reads packed and stored files, and leaves directories out', () => {
    const long = 'x'.repeat(10_000);
    const archive = zipArchive({ 'index.js': long, 'lib/': '', 'lib/ö.txt': 'text' }, ['lib/', 'lib/ö.txt']);
    expect(contents(archive)).toEqual([
      ['index.js', long],
      ['lib/ö.txt', 'text'],
    ]);
  });

  it('reads an archive with a comment after its end', () => {
    expect(contents(Buffer.concat([zipArchive({ a: 'b' }), Buffer.from('a comment')]))).toEqual([['a', 'b']]);
  });

  it('fails for what is no archive', () => {
    expect(() => readZip(Buffer.from('no archive at all, however long it may be'))).toThrow(
      'it is not a readable zip archive',
    );
    expect(() => readZip(Buffer.alloc(0))).toThrow('it is not a readable zip archive');
  });

  it.each(['/etc/passwd', '../outside', 'lib/../../outside', '..\\outside'])('fails for a file %s', (path) => {
    expect(() => readZip(zipArchive({ [path]: 'x' }))).toThrow(
      `it holds '${path.replaceAll('\\', '/')}', which would land outside of the function's directory`,
    );
  });

  it('fails for a method of packing that Lambda does not know either', () => {
    const archive = zipArchive({ a: 'b' });
    archive.writeUInt16LE(12, archive.indexOf('PK\x01\x02') + 10);
    expect(() => readZip(archive)).toThrow(
      'a file in it is packed by method 12; the twin reads stored (0) and deflated (8) ones',
    );
  });
});
