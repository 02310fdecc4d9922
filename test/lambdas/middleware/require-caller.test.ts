import { describe, expect, it } from 'vitest';
import { requireCaller } from '../../../lambdas/middleware/require-caller.ts';
import type { Caller, RouteRequest } from '../../../lambdas/middleware/route-request.ts';
import { routeRequest } from '../../support/route-request.ts';

function requestOf(caller: Caller | undefined): RouteRequest {
  return { ...routeRequest(), caller };
}

describe('requireCaller', () => {
  it('gives the caller', () => {
    const caller = { sub: 'alice', tier: 'free', scopes: [], expiresAtSeconds: 1 };
    expect(requireCaller(requestOf(caller))).toBe(caller);
  });

  it('fails with 401 without one', () => {
    expect(() => requireCaller(requestOf(undefined))).toThrow(
      expect.objectContaining({ statusCode: 401, message: 'this route needs a caller, but none was authenticated' }),
    );
  });
});
