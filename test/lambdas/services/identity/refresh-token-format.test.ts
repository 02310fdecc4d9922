import { describe, expect, it } from 'vitest';
import {
  createFamilyId,
  createRefreshToken,
  parseRefreshToken,
} from '../../../../lambdas/services/identity/refresh-token-format.ts';

describe('refresh token format', () => {
  it('parses to the family and the hash that were created', () => {
    const familyId = createFamilyId();
    const { token, secretHash } = createRefreshToken(familyId);
    expect(parseRefreshToken(token)).toEqual({ familyId, secretHash });
    expect(secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(createRefreshToken(familyId).token).not.toBe(token);
  });

  it.each(['', '.', 'a.b', `${'a'.repeat(22)}.${'b'.repeat(42)}`, `${'a'.repeat(22)}.${'b'.repeat(43)}\n`])(
    'does not parse %j',
    (text) => {
      expect(parseRefreshToken(text)).toBeUndefined();
    },
  );
});
