import { describe, expect, it, vi } from 'vitest';
import type { RouteSpecInput } from '../../../lambdas/contract/route-spec.ts';
import { ServiceError } from '../../../lambdas/errors/service-error.ts';
import type { RouteHandler, RouteReply, RouteRequest } from '../../../lambdas/middleware/route-request.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryIdempotency } from '../../support/memory-idempotency.ts';
import { authorizerContext, type ProxyEventOptions } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

const route = (path: string, more: Partial<RouteSpecInput> = {}): RouteSpecInput => ({
  method: 'POST',
  path,
  scope: 'feed:write',
  idempotency: { required: true },
  ...more,
});
const REMAINING_MS = 10_000;

/** Things, each written once by the id of its effect. */
function createFixture(handle?: (request: RouteRequest, store: MemoryIdempotency) => Promise<RouteReply>) {
  const clock = new ManualClock();
  const store = new MemoryIdempotency(clock);
  const effects = new Map<string, unknown>();
  const runs: RouteRequest[] = [];
  const handler: RouteHandler = async (request) => {
    runs.push(request);
    if (!effects.has(request.effectId)) effects.set(request.effectId, request.body);
    return (
      handle?.(request, store) ?? {
        statusCode: 201,
        headers: { Location: `/things/${request.effectId}` },
        body: { id: request.effectId },
      }
    );
  };
  const fixture = createServiceFixture({
    routes: [route('/things'), route('/others'), route('/things/{id}')],
    handlers: { 'POST /things': handler, 'POST /others': handler, 'POST /things/{id}': handler },
    tierLimits: { free: { ratePerSecond: 1, burst: 100 } },
    idempotency: store,
    clock,
    remainingMs: REMAINING_MS,
  });
  const post = (
    options: Partial<ProxyEventOptions> & {
      readonly key?: string;
      readonly sub?: string;
      readonly tenant?: string;
    } = {},
  ) => {
    const { key = 'one', sub = 'alice', tenant, ...rest } = options;
    return fixture.send({
      method: 'POST',
      resource: '/things',
      headers: { 'Idempotency-Key': key },
      body: { name: 'dam' },
      authorizer: { ...authorizerContext({ sub }), ...(tenant && { tenant }) },
      ...rest,
    });
  };
  return { ...fixture, store, effects, runs, post };
}

describe('createIdempotentReply', () => {
  it('gives the same answer again, and says so', async () => {
    const { post, effects, runs } = createFixture();
    const first = await post();
    expect(first).toMatchObject({ status: 201, headers: { location: `/things/${runs[0]?.effectId}` } });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const again = await post();
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers).toMatchObject({
      location: first.headers.location,
      'content-type': 'application/json',
      'idempotency-replayed': 'true',
    });
    expect(runs).toHaveLength(1);
    expect(effects.size).toBe(1);
  });

  it('counts and authorizes an answer that is given again', async () => {
    const { post, counted, logger } = createFixture();
    await post();
    expect((await post()).headers.ratelimit).toBe('"perUser";r=98;t=2');
    expect(counted).toHaveLength(2);
    expect((await post({ authorizer: authorizerContext({ scopes: 'feed:read' }) })).status).toBe(403);
    expect(logger.lines.map(({ idempotency }) => idempotency)).toEqual(['first', 'replayed', undefined]);
  });

  it('has one effect of many at a time; the others are told to come back, or get its answer', async () => {
    const { post, effects, runs } = createFixture(async ({ effectId }) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { statusCode: 201, body: { id: effectId } };
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post()));
    expect(runs).toHaveLength(1);
    expect(effects.size).toBe(1);
    const running = answers.filter(({ status }) => status === 409);
    expect(running).toHaveLength(19);
    expect(running[0]).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { type: 'urn:spillway:problem:idempotency-key-running' },
    });
    expect(await post()).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
  });

  it('keeps users, tenants and routes apart that use one key', async () => {
    const { post, effects } = createFixture();
    const answers = [
      await post(),
      await post({ sub: 'bob' }),
      await post({ tenant: 'acme' }),
      await post({ resource: '/others' }),
    ];
    expect(answers.every(({ status, headers }) => status === 201 && !('idempotency-replayed' in headers))).toBe(true);
    expect(effects.size).toBe(4);
  });

  it.each<[string, Partial<ProxyEventOptions>]>([
    ['another body', { body: { name: 'weir' } }],
    ['no body', { body: undefined }],
    ['another query', { query: { dry: '1' } }],
  ])('refuses a key that comes again with %s', async (_, options) => {
    const { post, runs } = createFixture();
    await post();
    expect(await post(options)).toMatchObject({
      status: 422,
      body: { type: 'urn:spillway:problem:idempotency-key-reused' },
    });
    expect(runs).toHaveLength(1);
  });

  it('refuses a key that comes again for another path', async () => {
    const { post } = createFixture();
    const at = (id: string) => post({ resource: '/things/{id}', pathParameters: { id } });
    expect((await at('1')).status).toBe(201);
    expect((await at('2')).status).toBe(422);
    expect((await at('1')).headers['idempotency-replayed']).toBe('true');
  });

  it('takes the order of query parameters and the encoding of the body for the same request', async () => {
    const { post } = createFixture();
    await post({ query: { a: '1', b: '2' } });
    const body = Buffer.from('{"name":"dam"}').toString('base64');
    const again = await post({ query: { b: '2', a: '1' }, body, isBase64Encoded: true });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it.each([400, 404, 409, 429, 500, 503])('serves a request again that was answered %i', async (statusCode) => {
    const { post, runs, store } = createFixture(async () => ({ statusCode, body: { no: true } }));
    expect((await post()).status).toBe(statusCode);
    expect(store.records.size).toBe(0);
    expect((await post()).status).toBe(statusCode);
    expect(runs).toHaveLength(2);
  });

  it.each([new Error('fault'), new ServiceError('no-such-thing', 'no', { statusCode: 404 })])(
    'serves a request again that was thrown out of with %o, under the same effect id',
    async (fault) => {
      const faults = [fault];
      const { post, runs, effects } = createFixture(async () => {
        const next = faults.pop();
        if (next) throw next;
        return { statusCode: 201 };
      });
      expect((await post()).status).toBeGreaterThanOrEqual(400);
      expect((await post()).status).toBe(201);
      expect(runs).toHaveLength(2);
      expect(effects.size).toBe(1);
    },
  );

  it('has one effect where a function is ended between effect and record', async () => {
    const ends = [true];
    const { post, clock, runs, effects } = createFixture(async ({ effectId }) => {
      if (ends.pop()) await new Promise<never>(() => {});
      return { statusCode: 201, body: { id: effectId } };
    });
    void post();
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    expect((await post()).status).toBe(409);
    clock.advance(REMAINING_MS + 1);
    expect(await post()).toMatchObject({ status: 201, body: { id: runs[0]?.effectId } });
    expect(runs).toHaveLength(2);
    expect(effects.size).toBe(1);
  });

  it('has one effect where the record was lost', async () => {
    const { post, store, runs, effects } = createFixture();
    await post();
    store.records.clear();
    await post();
    expect(runs).toHaveLength(2);
    expect(effects.size).toBe(1);
    expect(runs[0]?.effectId).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('serves a key anew after its time', async () => {
    const { post, clock, runs } = createFixture();
    const authorizer = authorizerContext({ expSeconds: clock.now() / 1_000 + 100_000 });
    await post({ authorizer });
    clock.advance(86_400_000);
    expect((await post({ authorizer })).headers['idempotency-replayed']).toBe('true');
    clock.advance(1);
    expect((await post({ authorizer })).headers['idempotency-replayed']).toBeUndefined();
    expect(runs).toHaveLength(2);
  });

  it('writes no second time what the handler completed in its transaction', async () => {
    const { post, store, runs } = createFixture(async ({ completion }, memory) => {
      const reply = { statusCode: 202, headers: { Location: '/things/1' } };
      const item = completion?.(reply);
      if (item) memory.commit(item);
      return reply;
    });
    await post();
    const [record] = store.records.values();
    expect(record?.reply).toEqual({ statusCode: 202, headers: { Location: '/things/1' }, body: '' });
    expect(await post()).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    expect(runs).toHaveLength(1);
  });

  it('keeps another answer than the one that the handler would have completed with', async () => {
    const { post } = createFixture(async ({ completion }) => {
      completion?.({ statusCode: 201 });
      return { statusCode: 200, body: { was: 'there' } };
    });
    await post();
    expect(await post()).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
  });

  it('serves a large answer, and again what cannot be kept', async () => {
    const { post, runs, logger } = createFixture(async () => ({ statusCode: 200, body: 'x'.repeat(350_000) }));
    expect((await post()).status).toBe(200);
    expect((await post()).status).toBe(200);
    expect(runs).toHaveLength(2);
    expect(logger.lines[0]?.message).toBe('an answer is too large to be kept for its idempotency key');
  });

  it.each([
    [{ statusCode: 409 }, '409 with 0'],
    [{ statusCode: 200, body: 'x'.repeat(349_999) }, '200 with 350001'],
  ])('fails for a completion that cannot be kept', async (reply, got) => {
    const { post, logger } = createFixture(async ({ completion }) => {
      completion?.(reply);
      return reply;
    });
    expect((await post()).status).toBe(500);
    expect(logger.lines[0]?.error).toEqual(
      new RangeError(
        `'POST /things' can complete a request with an answer below 400 of at most 350000 bytes, got ${got}`,
      ),
    );
  });

  it('serves nothing while it cannot see what was served', async () => {
    const { post, store, runs } = createFixture();
    store.failure = new Error('out of reach');
    expect(await post()).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { type: 'urn:spillway:problem:idempotency-unavailable' },
    });
    expect(runs).toHaveLength(0);
  });

  it('fails at start-up without a store', () => {
    expect(() =>
      createServiceFixture({
        routes: [route('/things')],
        handlers: { 'POST /things': async () => ({ statusCode: 200 }) },
      }),
    ).toThrow(new RangeError("route 'POST /things' takes an idempotency key, but there is no store; pass idempotency"));
  });
});
