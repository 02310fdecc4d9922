import { describe, expect, it } from 'vitest';
import { childText, readXml } from '../../../../../../local/twin/aws/s3/wire/read-xml.ts';
import { s3Xml } from '../../../../../../local/twin/aws/s3/wire/s3-xml.ts';

describe('readXml', () => {
  it('reads what s3Xml writes, whatever is in it', () => {
    const text = `<&>"' ü \u{1f600} \u0001\r\n]]>`;
    const root = readXml(s3Xml('Delete', { Object: [{ Key: text }, { Key: 'b' }], Quiet: true }));
    expect(root.name).toBe('Delete');
    expect(root.children.map(({ name }) => name)).toEqual(['Object', 'Object', 'Quiet']);
    const [first] = root.children;
    expect(first && childText(first, 'Key')).toBe(text);
    expect(childText(root, 'Nothing')).toBeUndefined();
  });

  it('takes namespaces, attributes, comments and empty elements', () => {
    const root = readXml(
      '<?xml version="1.0"?><!-- a --><s3:Delete xmlns:s3="http://x"><Object/><A>1 &lt; &#x32;</A></s3:Delete>',
    );
    expect(root).toMatchObject({
      name: 'Delete',
      children: [
        { name: 'Object', text: '' },
        { name: 'A', text: '1 < 2' },
      ],
    });
  });

  it.each(['', 'text', '<a>', '</a>', '<a></b>', '<a></a><b></b>', '<a', '<!DOCTYPE a [<!ENTITY b "c">]><a/>'])(
    'fails on %j',
    (text) => {
      expect(() => readXml(text)).toThrow(/^The XML you provided was not well-formed/);
    },
  );
});
