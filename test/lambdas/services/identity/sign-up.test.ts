import { describe, expect, it } from 'vitest';
import { signUp } from '../../../../lambdas/services/identity/sign-up.ts';
import { identityService } from '../../../support/identity-service.ts';

const password = 'correct horse';

describe('signUp', () => {
  it('creates an account of the free tier under the normalized address, and keeps no password', async () => {
    const service = await identityService();
    const { user } = await signUp(service, { email: 'Ann@Example.com', password });
    expect(user).toEqual({ id: expect.stringMatching(/^[0-9A-Z]{26}$/), email: 'ann@example.com', tier: 'free' });
    const account = await service.accounts.find('ann@example.com');
    expect(account).toMatchObject({ userId: user.id, createdAt: '2026-11-01T00:00:00.000Z' });
    expect(JSON.stringify(account)).not.toContain(password);
    expect(await service.passwords.verify(password, account?.passwordHash ?? '')).toBe(true);
  });

  it('lets exactly one of many concurrent sign-ups have an address, and the others change nothing', async () => {
    const service = await identityService();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        signUp(service, { email: index % 2 ? 'ANN@example.com' : 'ann@example.com', password: `${password} ${index}` }),
      ),
    );
    const winners = results.filter((result) => result.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(service.accounts.items.get('ann@example.com')?.userId).toBe(winners[0]?.value.user.id);
  });

  it('fails with 409 for an address that is taken, after hashing the password all the same', async () => {
    const service = await identityService();
    await signUp(service, { email: 'ann@example.com', password });
    let hashes = 0;
    const counting = {
      ...service.passwords,
      hash: (text: string) => {
        hashes += 1;
        return service.passwords.hash(text);
      },
    };
    await expect(signUp({ ...service, passwords: counting }, { email: 'ann@example.com', password })).rejects.toThrow(
      expect.objectContaining({
        code: 'email-taken',
        statusCode: 409,
        message: 'an account with the address ann@example.com exists already',
      }),
    );
    expect(hashes).toBe(1);
  });
});
