import { beforeEach, describe, expect, it } from 'vitest';
import type { RouteSpecInput } from '../../../../lambdas/contract/route-spec.ts';
import { identityRoutes } from '../../../../lambdas/services/identity/identity-routes.ts';
import { identityService } from '../../../support/identity-service.ts';
import { lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';
import { createServiceFixture } from '../../../support/service-fixture.ts';

const email = 'ann@example.com';
const unknown = 'nobody@example.com';
const password = 'correct horse';
const SECOND = 1_000;

/** What the stage asks of logins: failures alone use these limits up. */
const LOGIN: RouteSpecInput = {
  method: 'POST',
  path: '/login',
  limits: [
    {
      algorithm: 'sliding-log',
      name: 'failures',
      id: 16,
      by: ['ip', 'body:email'],
      max: 10,
      windowSeconds: 900,
      settled: true,
    },
    {
      algorithm: 'sliding-window',
      name: 'account-failures',
      id: 17,
      by: ['body:email'],
      max: 100,
      windowSeconds: 3_600,
      settled: true,
    },
  ],
};

/** The login as it is served, with what it does on the way counted. */
async function setUp() {
  const service = await identityService();
  const work = { reads: 0, hashes: 0 };
  const { accounts, passwords } = service;
  const counted = {
    ...service,
    accounts: Object.assign(Object.create(accounts) as typeof accounts, {
      find: (address: string) => {
        work.reads += 1;
        return accounts.find(address);
      },
    }),
    passwords: {
      ...passwords,
      verify: (text: string, encoded: string) => {
        work.hashes += 1;
        return passwords.verify(text, encoded);
      },
    },
  };
  const { handler } = createServiceFixture({
    routes: [LOGIN],
    handlers: { 'POST /login': identityRoutes(counted)['POST /login'] ?? (() => Promise.reject()) },
    clock: service.clock,
  });
  await accounts.claim({
    email,
    userId: 'ann',
    passwordHash: await passwords.hash(password),
    tier: 'free',
    administrator: true,
    createdAt: '2026-11-01T00:00:00.000Z',
  });
  /** Everything that the caller gets to see, and what it took. */
  const logIn = async (address: string, typed: string, sourceIp = '203.0.113.7') => {
    const before = { ...work };
    const event = proxyEvent({
      method: 'POST',
      resource: '/login',
      body: { email: address, password: typed },
      sourceIp,
    });
    const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = await handler(event, lambdaContext());
    return {
      statusCode,
      headers,
      multiValueHeaders,
      isBase64Encoded,
      body: JSON.parse(body) as unknown,
      work: { reads: work.reads - before.reads, hashes: work.hashes - before.hashes },
    };
  };
  return { service, logIn };
}

describe('logins', () => {
  let { service, logIn }: Awaited<ReturnType<typeof setUp>> = {} as Awaited<ReturnType<typeof setUp>>;
  beforeEach(async () => {
    ({ service, logIn } = await setUp());
  });
  const fail = async (address: string, times: number, sourceIp?: string) => {
    const answers = [];
    for (let index = 0; index < times; index += 1) answers.push(await logIn(address, `wrong ${index}`, sourceIp));
    return answers;
  };

  it('answer an account and an unknown address alike, field by field, before and after they are locked', async () => {
    const known = await fail(email, 13);
    expect(await fail(unknown, 13)).toEqual(known);
    expect(known.map(({ statusCode }) => statusCode)).toEqual([...Array(10).fill(401), 429, 429, 429]);
  });

  it('do the same work for both, one read and one hash, and none once they are locked', async () => {
    const works = [...(await fail(email, 11)), ...(await fail(unknown, 11))].map(({ work }) => work);
    const [free, locked] = [Array(10).fill({ reads: 1, hashes: 1 }), { reads: 0, hashes: 0 }];
    expect(works).toEqual([...free, locked, ...free, locked]);
  });

  it('refuse the right password of a locked account as they refuse any password of an unknown one', async () => {
    await fail(email, 10);
    await fail(unknown, 10);
    const locked = await logIn(email, password);
    expect(locked.statusCode).toBe(429);
    expect(await logIn(unknown, password)).toEqual(locked);
    expect(JSON.stringify(locked)).not.toContain(email);
  });

  it('count an address however it is typed', async () => {
    for (let index = 0; index < 10; index += 1) await logIn(index % 2 ? ' ANN@example.com' : email, 'wrong one');
    expect((await logIn('Ann@Example.com', 'wrong one')).statusCode).toBe(429);
  });

  it('let other networks and other addresses in meanwhile, and everybody after 15 minutes', async () => {
    await fail(email, 10);
    expect((await logIn(email, password, '198.51.100.1')).statusCode).toBe(200);
    expect((await logIn(unknown, password)).statusCode).toBe(401);
    service.clock.advance(899 * SECOND);
    expect((await logIn(email, password)).statusCode).toBe(429);
    service.clock.advance(1 * SECOND);
    expect((await logIn(email, password)).statusCode).toBe(200);
  });

  it('lock an address for all networks after 100 failures in an hour, whether it has an account or not', async () => {
    const answers = async (address: string) => {
      const found = [];
      for (let network = 0; network < 11; network += 1) found.push(await fail(address, 10, `198.51.100.${network}`));
      return found.flat();
    };
    const known = await answers(email);
    expect(await answers(unknown)).toEqual(known);
    expect(known.filter(({ statusCode }) => statusCode === 401)).toHaveLength(100);
    expect(await logIn(unknown, password, '192.0.2.1')).toEqual(await logIn(email, password, '192.0.2.1'));
  });

  it('take nothing from the limits when they succeed', async () => {
    for (let index = 0; index < 30; index += 1) expect((await logIn(email, password)).statusCode).toBe(200);
    await fail(email, 9);
    expect((await logIn(email, password)).statusCode).toBe(200);
    expect((await fail(email, 2)).map(({ statusCode }) => statusCode)).toEqual([401, 429]);
  });
});
