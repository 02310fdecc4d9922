import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryIdempotency } from '../../support/memory-idempotency.ts';
import { authorizerContext } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

function createFixture(idempotency: { required: boolean } | undefined) {
  const clock = new ManualClock();
  const handler = vi.fn(async () => ({ statusCode: 201 }));
  const fixture = createServiceFixture({
    routes: [{ method: 'POST', path: '/things', scope: 'feed:write', ...(idempotency && { idempotency }) }],
    handlers: { 'POST /things': handler },
    idempotency: new MemoryIdempotency(clock),
    clock,
  });
  const post = (
    headers: Record<string, string> = {},
    authorizer: Record<string, unknown> | undefined = authorizerContext(),
  ) => fixture.send({ method: 'POST', resource: '/things', headers, authorizer });
  return { ...fixture, handler, post };
}

describe('idempotencyKey', () => {
  it('asks for a key where it is required, before the request is counted', async () => {
    const { post, handler, counted } = createFixture({ required: true });
    expect(await post()).toMatchObject({
      status: 400,
      body: {
        type: 'urn:spillway:problem:idempotency-key-missing',
        detail:
          'POST /things needs the header Idempotency-Key, such as a UUID, the same each time that the request is sent',
      },
    });
    expect(handler).not.toHaveBeenCalled();
    expect(counted).toEqual([]);
  });

  it('asks for a token first', async () => {
    const { post } = createFixture({ required: true });
    expect((await post({}, {})).status).toBe(401);
  });

  it('serves requests without a key where it is optional, each of them', async () => {
    const { post, handler } = createFixture({ required: false });
    expect((await post()).status).toBe(201);
    expect((await post()).status).toBe(201);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('takes no notice of a key where a route takes none', async () => {
    const { post, handler } = createFixture(undefined);
    await post({ 'Idempotency-Key': 'a' });
    expect((await post({ 'Idempotency-Key': 'a' })).headers['idempotency-replayed']).toBeUndefined();
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it.each(['a', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '!~'])('takes %j', async (key) => {
    const { post } = createFixture({ required: true });
    expect((await post({ 'idempotency-KEY': key })).status).toBe(201);
  });

  it('fails for two of them, as only one would be heard', async () => {
    const { post, handler } = createFixture({ required: true });
    expect(await post({ 'Idempotency-Key': 'a', 'idempotency-key': 'b' })).toMatchObject({
      status: 400,
      body: {
        type: 'urn:spillway:problem:idempotency-key-invalid',
        detail: 'Idempotency-Key must be sent once, got 2',
      },
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256), 'a\u0000'])('fails for %j', async (key) => {
    for (const required of [true, false]) {
      const { post, handler } = createFixture({ required });
      expect(await post({ 'Idempotency-Key': key })).toMatchObject({
        status: 400,
        body: {
          type: 'urn:spillway:problem:idempotency-key-invalid',
          detail: `Idempotency-Key must be 1 to 255 visible ASCII characters, got ${key.length}`,
        },
      });
      expect(handler).not.toHaveBeenCalled();
    }
  });
});
