import { describe, expect, it } from 'vitest';
import { checkPostPolicy } from '../../../../../../local/twin/aws/s3/post/post-policy.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const expiration = '2026-01-02T00:00:00.001Z';
const policy = (document: unknown) => Buffer.from(JSON.stringify(document)).toString('base64');
const check = (conditions: unknown, fields: Record<string, string>, more = {}) =>
  checkPostPolicy(policy({ expiration, conditions, ...more }), new Map(Object.entries(fields)), NOW_MS);

describe('checkPostPolicy', () => {
  it('takes a form whose fields are all named and met, and answers how large the file may be', () => {
    const conditions = [
      { bucket: 'media' },
      ['eq', '$Key', 'a'],
      ['starts-with', '$Content-Type', 'image/'],
      ['starts-with', '$x-amz-meta-note', ''],
      ['content-length-range', 1, '10'],
    ];
    const fields = { bucket: 'media', key: 'a', 'content-type': 'image/png,image/gif', 'x-amz-meta-note': 'any' };
    expect(check(conditions, { ...fields, policy: 'p', 'x-amz-signature': 's', 'x-ignore-me': '1' })).toMatchObject({
      ...{ min: 1, max: 10 },
    });
    expect(check([{ bucket: 'media' }], { bucket: 'media' })).toBeUndefined();
  });

  it('fails at the very moment it ends', () => {
    expect(() => check([], {}, { expiration: '2026-01-02T00:00:00Z' })).toThrow(
      'Invalid according to Policy: Policy expired.',
    );
  });

  it.each<[unknown, Record<string, string>, string]>([
    [['eq', '$key', 'a'], { key: 'b' }, 'Policy Condition failed: ["eq","$key","a"]'],
    [['eq', '$key', 'a'], {}, 'Policy Condition failed: ["eq","$key","a"]'],
    [
      ['starts-with', '$content-type', 'image/'],
      { 'content-type': 'image/png,text/html' },
      'Policy Condition failed: ',
    ],
    [{ bucket: 'media' }, { bucket: 'media', acl: 'public-read' }, 'Extra input fields: acl'],
  ])('fails %j on %j', (condition, fields, message) => {
    expect(() => check([condition], fields)).toThrow(`Invalid according to Policy: ${message}`);
  });

  it.each<[unknown, string]>([
    [{ conditions: [] }, 'Policy missing expiration.'],
    [{ expiration: 'soon', conditions: [] }, "Invalid 'expiration' value: 'soon'"],
    [{ expiration }, 'Policy missing conditions.'],
    [{ expiration, conditions: [{ a: '1', b: '2' }] }, 'Invalid Simple-Condition: '],
    [{ expiration, conditions: [['matches', '$key', 'a']] }, "Invalid Condition: unknown operation 'matches'."],
    [{ expiration, conditions: [['eq', 'key', 'a']] }, 'Invalid Condition: ["eq","key","a"]'],
    ...[
      [5, 4],
      [-1, 4],
      [0, 1.5],
      [0, Number.NaN],
      ['x', 1],
    ].map(([min, max]): [unknown, string] => [
      { expiration, conditions: [['content-length-range', min, max]] },
      'Invalid content-length-range: ',
    ]),
  ])('fails on a policy like %j', (document, message) => {
    expect(() => checkPostPolicy(policy(document), new Map(), NOW_MS)).toThrow(`Invalid Policy: ${message}`);
  });

  it('fails on what is no JSON', () => {
    expect(() => checkPostPolicy('bm8=', new Map(), NOW_MS)).toThrow('Invalid Policy: Invalid JSON.');
  });
});
