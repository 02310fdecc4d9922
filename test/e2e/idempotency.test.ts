import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';

describe('Idempotency-Key over HTTP', () => {
  let twin: Twin;
  let ada: Person;

  beforeAll(async () => {
    twin = await runTwin();
    ada = await signUpPerson(twin.apiUrl, 'ada');
  });
  afterAll(() => twin?.close());

  const publish = async (key: string, text: string) => {
    const response = await fetch(`${twin.apiUrl}/api/feed`, {
      method: 'POST',
      headers: { ...ada.client.headers, 'content-type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify({ text }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as { id?: string } };
  };
  const texts = async () => {
    const { body } = await ada.client.expect<{ items: { text: string }[] }>(200, 'GET', '/api/feed?limit=50');
    return body.items.map(({ text }) => text);
  };

  it('publishes once what is sent twice, and answers the same', async () => {
    const first = await publish('one', 'once');
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await publish('one', 'once');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await texts()).filter((text) => text === 'once')).toHaveLength(1);
  });

  it('publishes once what is sent many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => publish('many', 'together')));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(
      answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed')),
    ).toHaveLength(1);
    expect((await texts()).filter((text) => text === 'together')).toHaveLength(1);
  });

  it('fails for another request under the same key with 422, and for what is no key with 400', async () => {
    await publish('two', 'first');
    expect((await publish('two', 'second')).status).toBe(422);
    expect((await publish('a b', 'third')).status).toBe(400);
  });
});
