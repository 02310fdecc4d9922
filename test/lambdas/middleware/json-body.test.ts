import { describe, expect, it } from 'vitest';
import { createServiceFixture } from '../../support/service-fixture.ts';

function createFixture() {
  let seen: unknown = 'not called';
  const fixture = createServiceFixture({
    routes: [{ method: 'POST', path: '/' }],
    handlers: {
      'POST /': async ({ body }) => {
        seen = body;
        return { statusCode: 204 };
      },
    },
  });
  const send = (body: unknown, isBase64Encoded = false) =>
    fixture.send({ method: 'POST', resource: '/', body, isBase64Encoded });
  return { send, seen: () => seen };
}

describe('jsonBody', () => {
  it.each([
    ['an object', '{"a":"ü"}', { a: 'ü' }],
    ['null', 'null', null],
    ['nothing', undefined, undefined],
    ['an empty text', '', undefined],
  ])('parses %s', async (_, body, parsed) => {
    const { send, seen } = createFixture();
    expect((await send(body)).status).toBe(204);
    expect(seen()).toEqual(parsed);
  });

  it('parses a body that API Gateway encoded', async () => {
    const { send, seen } = createFixture();
    await send(Buffer.from('{"a":"ü"}').toString('base64'), true);
    expect(seen()).toEqual({ a: 'ü' });
  });

  it('fails with 400 for broken JSON, without calling the handler', async () => {
    const { send, seen } = createFixture();
    expect(await send('{"a":')).toMatchObject({
      status: 400,
      body: { type: 'urn:spillway:problem:invalid-json', detail: 'the body is not valid JSON' },
    });
    expect(seen()).toBe('not called');
  });

  it.each([
    ['a value', '{"a":["\\ud800"]}'],
    ['a name', '{"\\uDFFF":1}'],
    ['a pair the wrong way round', '"\\udc00\\ud800"'],
  ])('fails with 400 for half a surrogate pair in %s, which no store could give back', async (_, body) => {
    const { send, seen } = createFixture();
    expect(await send(body)).toMatchObject({
      status: 400,
      body: { type: 'urn:spillway:problem:invalid-json', detail: 'the body holds half a surrogate pair' },
    });
    expect(seen()).toBe('not called');
  });

  it.each(['{"a":"\\ud83d\\udca9"}', '{"a":"\\\\ud800"}'])('parses %s, which is whole', async (body) => {
    const { send, seen } = createFixture();
    expect((await send(body)).status).toBe(204);
    expect(seen()).toEqual(JSON.parse(body));
  });
});
