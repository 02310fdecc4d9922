import { describe, expect, it } from 'vitest';
import { fileNameOf, readSchema, renderSchema } from '../../../local/event-schemas/published-file.ts';

describe('fileNameOf', () => {
  it.each([
    ['FeedUpdated', 'feed-updated.json'],
    ['FeedUpdated2', 'feed-updated2.json'],
    ['Seen', 'seen.json'],
    ['ABTested', 'a-b-tested.json'],
  ])('names the file of %s %s', (type, fileName) => {
    expect(fileNameOf(type)).toBe(fileName);
  });
});

describe('renderSchema', () => {
  it('lays out short lists in a line, long ones and lists of objects in several', () => {
    const long = Array.from({ length: 12 }, (_, at) => `a rather long name ${at}`);
    const schema = { required: ['a', 'b'], enum: long, anyOf: [{ type: 'string' }, {}], properties: {} };
    expect(renderSchema(schema)).toBe(
      [
        '{',
        '  "required": ["a", "b"],',
        '  "enum": [',
        long.map((name) => `    "${name}"`).join(',\n'),
        '  ],',
        '  "anyOf": [',
        '    {',
        '      "type": "string"',
        '    },',
        '    {}',
        '  ],',
        '  "properties": {}',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('can be read again', () => {
    const schema = { properties: { type: { const: 'Seen' } }, required: ['type'] };
    expect(readSchema('seen.json', renderSchema(schema))).toEqual({ type: 'Seen', schema });
  });
});

describe('readSchema', () => {
  it.each([
    ['seen.json', '{}'],
    ['seen.json', '[]'],
    ['seen.json', '{"properties":{"type":{"const":1}}}'],
    ['other.json', '{"properties":{"type":{"const":"Seen"}}}'],
  ])('fails for %s with %s', (fileName, text) => {
    expect(() => readSchema(fileName, text)).toThrow(`${fileName} is not the schema of an event`);
  });
});
