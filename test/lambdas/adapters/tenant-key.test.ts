import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tenantKey } from '../../../lambdas/adapters/tenant-key.ts';

describe('tenantKey', () => {
  it('is made of the form and the tenant alone', () => {
    expect(tenantKey({ prefix: 'a-', suffix: '-z' }, 'acme')).toBe('a-822b33ad87c148a0a20a5ba7cd5ebcaa-z');
  });

  it('has the 20 to 128 letters, digits and hyphens that AWS takes, whatever tier and tenant', () => {
    const uuid = 'c0ffee00-0000-4000-8000-000000000000';
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/), fc.string(), (tier, tenant) => {
        const key = tenantKey({ prefix: `spillway-${tier}-`, suffix: `-${uuid}` }, tenant);
        expect(key).toMatch(/^[a-z0-9-]{20,128}$/);
      }),
    );
  });
});
