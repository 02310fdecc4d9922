import { beforeEach, describe, expect, it } from 'vitest';
import { logIn } from '../../../../lambdas/services/identity/log-in.ts';
import { signUp } from '../../../../lambdas/services/identity/sign-up.ts';
import { identityService } from '../../../support/identity-service.ts';

const email = 'ann@example.com';
const password = 'correct horse';

describe('logIn', () => {
  let service: Awaited<ReturnType<typeof identityService>>;
  beforeEach(async () => {
    service = await identityService();
    await signUp(service, { email, password });
  });

  it('answers tokens, whatever the case of the address and the space around it', async () => {
    expect(await logIn(service, { email: ' ANN@example.com ', password })).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/),
    });
  });

  it('starts a family that ends on time, and stores of its token only a hash', async () => {
    const { refresh_token } = await logIn(service, { email, password });
    const [familyId = '', secret = ''] = refresh_token.split('.');
    const session = service.sessions.items.get(familyId);
    expect(session).toMatchObject({ email, expiresAt: service.clock.now() / 1_000 + 3_600 });
    expect(JSON.stringify(session)).not.toContain(secret);
  });

  it('fails alike for an unknown address and a wrong password, with one verification at equal cost', async () => {
    const attempt = async (request: { email: string; password: string }) => {
      const verified: string[] = [];
      const passwords = {
        ...service.passwords,
        verify: (text: string, encoded: string) => {
          verified.push(encoded.split('$')[2] ?? '');
          return service.passwords.verify(text, encoded);
        },
      };
      const error = await logIn({ ...service, passwords }, request).catch((caught: unknown) => caught);
      const { message, code, statusCode, headers } = error as Record<string, unknown>;
      return { verified, message, code, statusCode, headers };
    };
    const wrong = await attempt({ email, password: 'another one' });
    const unknown = await attempt({ email: 'nobody@example.com', password });
    expect(unknown).toEqual(wrong);
    expect(wrong).toEqual({
      verified: ['ln=4,r=8,p=1'],
      message: 'e-mail address or password is wrong',
      code: 'invalid-credentials',
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
    expect(service.sessions.items.size).toBe(0);
  });

  it('fails with 503 and starts no session before there is a signing key', async () => {
    service.secret.value = 'generated, no key';
    await expect(logIn(service, { email, password })).rejects.toMatchObject({
      code: 'signing-key-unavailable',
      statusCode: 503,
      headers: { 'Retry-After': '5' },
    });
    expect(service.sessions.items.size).toBe(0);
  });
});
