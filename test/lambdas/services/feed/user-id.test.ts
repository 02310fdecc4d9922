import { describe, expect, it } from 'vitest';
import { requireUserId } from '../../../../lambdas/services/feed/user-id.ts';

describe('requireUserId', () => {
  it('passes a ULID', () => {
    expect(requireUserId('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV');
  });

  it.each(['bob', '01arz3ndektsv4rrffq69g5fav', ''])('fails for %j', (text) => {
    const message = `userId: expected a user id (a ULID, 26 characters), got '${text}'`;
    expect(() => requireUserId(text)).toThrow(
      expect.objectContaining({ code: 'invalid-user-id', statusCode: 400, message }),
    );
  });
});
