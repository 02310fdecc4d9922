import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR_SCOPES, grantedScopes, SCOPES } from '../../../lambdas/contract/scopes.ts';

describe('grantedScopes', () => {
  it('gives administrators all there are', () => {
    expect(grantedScopes(true)).toEqual(Object.keys(SCOPES));
  });

  it('gives everybody else all but those of administrators', () => {
    const granted = grantedScopes(false);
    expect(granted).toContain('limits:read');
    expect([...granted, ...ADMINISTRATOR_SCOPES].toSorted()).toEqual(Object.keys(SCOPES).toSorted());
    for (const scope of ADMINISTRATOR_SCOPES) expect(granted).not.toContain(scope);
  });
});
