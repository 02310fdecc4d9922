import { describe, expect, it } from 'vitest';
import { toXml } from '../../../../../local/twin/aws/protocols/xml.ts';

describe('toXml', () => {
  it.each([
    ['a text, escaped', `<&>"'`, '<a>&lt;&amp;&gt;&quot;&apos;</a>'],
    ['a number', 0, '<a>0</a>'],
    ['an object', { b: 1, c: { d: true } }, '<a><b>1</b><c><d>true</d></c></a>'],
    ['a list', ['x', 'y'], '<a><member>x</member><member>y</member></a>'],
    ['a map', new Map([['k', 'v']]), '<a><entry><key>k</key><value>v</value></entry></a>'],
    ['an empty list', [], '<a></a>'],
    ['nothing for null', null, ''],
    ['nothing for what is not there', undefined, ''],
  ])('writes %s', (_, value, expected) => {
    expect(toXml('a', value)).toBe(expected);
  });
});
