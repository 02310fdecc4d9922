import { describe, expect, it } from 'vitest';
import { jsonWebKeySet } from '../../../../lambdas/services/identity/json-web-key-set.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryVerificationKeys } from '../../../support/memory-tables.ts';

describe('jsonWebKeySet', () => {
  it('shows keys without an end and keys before their end', async () => {
    const keys = new MemoryVerificationKeys();
    for (const kid of ['current', 'ending', 'ended']) {
      await keys.publish({ kid, jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid } });
    }
    await keys.expire('ending', 1_001);
    await keys.expire('ended', 1_000);
    const { keys: shown } = await jsonWebKeySet(keys, new ManualClock(1_000_000));
    expect(shown.map(({ kid }) => kid)).toEqual(['current', 'ending']);
    expect(shown[0]).toEqual({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'current', alg: 'ES256', use: 'sig' });
  });
});
