import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { logIn } from '../../../../lambdas/services/identity/log-in.ts';
import { refreshToken } from '../../../../lambdas/services/identity/refresh-token.ts';
import { signUp } from '../../../../lambdas/services/identity/sign-up.ts';
import { identityService } from '../../../support/identity-service.ts';

const email = 'ann@example.com';
const password = 'correct horse';

describe('refreshToken', () => {
  let service: Awaited<ReturnType<typeof identityService>>;
  let first: string;
  const refresh = (token: string) => refreshToken(service, { refresh_token: token });
  const refused = expect.objectContaining({
    code: 'invalid-refresh-token',
    statusCode: 401,
    message: 'the refresh token is not valid; log in again',
  });

  beforeEach(async () => {
    service = await identityService();
    await signUp(service, { email, password });
    first = (await logIn(service, { email, password })).refresh_token;
  });

  it('replaces the token by another of the same family, again and again', async () => {
    let token = first;
    for (let round = 0; round < 3; round += 1) {
      const next = (await refresh(token)).refresh_token;
      expect(next).not.toBe(token);
      expect(next.split('.')[0]).toBe(first.split('.')[0]);
      token = next;
    }
  });

  it('fails for a token that was used before, and revokes the whole family', async () => {
    const second = (await refresh(first)).refresh_token;
    await expect(refresh(first)).rejects.toThrow(refused);
    await expect(refresh(second)).rejects.toThrow(refused);
    expect(service.logger.lines).toMatchObject([
      { level: 'warn', message: 'a refresh token was used twice; its family is revoked' },
    ]);
  });

  it('leaves other sessions of the same account alone when it revokes a family', async () => {
    const other = (await logIn(service, { email, password })).refresh_token;
    await refresh(first);
    await expect(refresh(first)).rejects.toThrow(refused);
    expect((await refresh(other)).token_type).toBe('Bearer');
  });

  it('serves at most one of many concurrent uses of one token, and revokes the family', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => refresh(first)));
    const served = results.filter((result) => result.status === 'fulfilled');
    expect(served).toHaveLength(1);
    await expect(refresh(served[0]?.value.refresh_token ?? '')).rejects.toThrow(refused);
  });

  it('works until just before the family ends, and fails from then on, however often it was refreshed', async () => {
    service.clock.advance(3_599_000);
    const second = (await refresh(first)).refresh_token;
    service.clock.advance(1_000);
    await expect(refresh(second)).rejects.toThrow(refused);
  });

  it('puts the tier that the account has now into the new access token', async () => {
    const account = await service.accounts.find(email);
    if (account) service.accounts.items.set(email, { ...account, tier: 'pro' });
    expect(decodeJwt((await refresh(first)).access_token).tier).toBe('pro');
  });

  it('fails once the account is gone, or is another one at the same address', async () => {
    service.accounts.items.clear();
    await expect(refresh(first)).rejects.toThrow(refused);
    await signUp(service, { email, password });
    await expect(refresh(first)).rejects.toThrow(refused);
  });

  it('leaves the token good for another try when something else fails', async () => {
    const { value } = service.secret;
    service.secret.value = 'not a key';
    await expect(refresh(first)).rejects.toMatchObject({ statusCode: 503 });
    service.secret.value = value;
    expect((await refresh(first)).token_type).toBe('Bearer');
  });

  it.each(['', 'nonsense', `${'a'.repeat(22)}.${'b'.repeat(43)}`])('fails for %j', async (token) => {
    await expect(refresh(token)).rejects.toThrow(refused);
  });
});
