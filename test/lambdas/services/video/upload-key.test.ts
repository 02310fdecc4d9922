import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnUpload, uploadKey } from '../../../../lambdas/services/video/upload-key.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('uploadKey', () => {
  it('puts uploads of a caller below their subject', () => {
    expect(uploadKey('01BX5ZZKBKACTAV9WEVGEMMVRZ', ID)).toBe(`uploads/01BX5ZZKBKACTAV9WEVGEMMVRZ/${ID}`);
  });

  it.each(['auth0|42', '..', 'a/b', 'ä', '', 'x'.repeat(65), '=abc'])('puts a digest in the place of %o', (sub) => {
    expect(uploadKey(sub, ID)).toMatch(new RegExp(`^uploads/=[0-9a-f]{64}/${ID}$`));
  });

  it('is owned by one caller, whoever they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (sub, other) => {
        const key = uploadKey(sub, ID);
        expect(isOwnUpload(sub, key)).toBe(true);
        expect(isOwnUpload(other, key)).toBe(sub === other);
        // Three parts, so that nobody's keys begin with another's prefix.
        expect(key.split('/')).toHaveLength(3);
      }),
    );
  });
});

describe('isOwnUpload', () => {
  it.each([
    '',
    'uploads/ann/',
    `uploads/ann/${ID}/x`,
    `uploads/ann/../bob/${ID}`,
    `uploads/ann/${ID.toLowerCase()}`,
    `uploads/ann//${ID}`,
    `videos/ann/${ID}`,
    `/uploads/ann/${ID}`,
    `s3://bucket/uploads/ann/${ID}`,
  ])('refuses %o', (source) => {
    expect(isOwnUpload('ann', source)).toBe(false);
  });
});
