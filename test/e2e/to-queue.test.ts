import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORS_ALLOWED_ORIGIN } from '../../lambdas/contract/cors.ts';
import { PROBLEM_CONTENT_TYPE } from '../../lambdas/contract/problem.ts';
import { WORK_ITEM_MAX_BYTES } from '../../lambdas/contract/work.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { synthesizeApp } from '../support/synthesize-app.ts';
import type { TestIssuer } from '../support/test-issuer.ts';
import { createTwinIssuer } from '../support/twin-issuer.ts';

const SCOPE = 'activity:write';
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a route to a queue', () => {
  let twin: Twin;
  let remove = (): void => {};
  let issuer: TestIssuer;
  let sqs: SQSClient;

  beforeAll(async () => {
    const app = synthesizeApp('queues');
    remove = app.remove;
    twin = await runTwin(app.directory);
    issuer = await createTwinIssuer(twin, 'queues');
    sqs = new SQSClient({
      endpoint: twin.awsEndpointUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
    });
  });
  afterAll(async () => {
    sqs?.destroy();
    await twin?.close();
    remove();
  });

  const tokenOf = (claims: Readonly<Record<string, unknown>> = {}) =>
    issuer.sign({ claims: { scope: SCOPE, ...claims } });
  const send = async (
    path: string,
    body: unknown,
    { token, headers = {} }: { token?: string; headers?: Record<string, string> } = {},
  ) => {
    const answer = await fetch(`${twin.apiUrl}${path}`, {
      method: path === '/api/ordered' ? 'PUT' : 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token ?? (await tokenOf())}`,
        ...headers,
      },
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };
  /** Takes out everything that is in a queue. */
  const messages = async (queue: 'Plain' | 'Ordered'): Promise<Message[]> => {
    const QueueUrl = physicalId(twin, 'AWS::SQS::Queue', `${queue}/`);
    const all: Message[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
      );
      if (Messages.length === 0) return all;
      all.push(...Messages);
      for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  };
  const items = async () => (await messages('Plain')).map(({ Body = '' }) => JSON.parse(Body));

  it('answers 202 with the id of the one message that is in the queue', async () => {
    const before = Date.now();
    const answer = await send('/api/activity', { text: 'hello' }, { headers: { traceparent: TRACEPARENT } });
    expect(answer).toMatchObject({
      status: 202,
      body: { id: expect.stringMatching(/^[\w+/=-]{10,}$/), status: 'queued' },
    });
    expect(answer.headers.get('work-id')).toBe(answer.body.id);
    expect(answer.headers.get('access-control-allow-origin')).toBe(CORS_ALLOWED_ORIGIN);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Work-Id');
    const [item, ...others] = await items();
    expect(others).toEqual([]);
    expect(item).toEqual({
      id: answer.body.id,
      acceptedAtMs: expect.any(Number),
      traceparent: TRACEPARENT,
      data: { sub: 'alice', body: { text: 'hello' } },
    });
    expect(item.acceptedAtMs).toBeGreaterThanOrEqual(before - 1_000);
    expect(item.acceptedAtMs).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['quotes', `it's "quoted" \\ and \\' slashed / here`],
    ['control characters', 'tab\t newline\n return\r null\u0000 bell\u0007 delete\u007f'],
    ['unicode', 'ärger 漢字 🦫 \u2028 \u202e e\u0301'],
    ['templates', "$util.urlEncode($context.authorizer.sub) #set($id='x') $id #end $! #if(true) ## #* *# \\$id"],
    ['forms', 'a=b&Action=DeleteQueue&MessageBody=other+plus%20%25'],
    ['JSON', '"}},"id":"mine","data":{"sub":"root"}} {"a":1}'],
  ])('leaves %s as they were sent', async (_what, text) => {
    expect((await send('/api/activity', { text })).status).toBe(202);
    expect((await items()).map(({ data }) => data)).toEqual([{ sub: 'alice', body: { text } }]);
  });

  it.each([
    'o\'brien "the" \\\'',
    'a"},"body":{},"x":{"y":"',
    '$context.stage #end',
    'ünï|漢',
    'a&MessageGroupId=b%22',
  ])('leaves the name %s of a caller as it is in the token', async (sub) => {
    expect((await send('/api/activity', { text: 'x' }, { token: await tokenOf({ sub }) })).status).toBe(202);
    expect((await items()).map(({ data }) => data)).toEqual([{ sub, body: { text: 'x' } }]);
  });

  it('leaves a trace out that is none', async () => {
    for (const traceparent of [
      '00-xyz',
      `${TRACEPARENT}","id":"mine`,
      TRACEPARENT.replace(/4bf.*4736/, '0'.repeat(32)),
    ]) {
      expect((await send('/api/activity', { text: 'x' }, { headers: { traceparent } })).status).toBe(202);
    }
    expect((await items()).map(({ traceparent }) => traceparent)).toEqual([undefined, undefined, undefined]);
  });

  it('lets nobody choose the id', async () => {
    const headers = { 'x-amzn-RequestId': 'mine', 'x-amz-apigw-id': 'mine', 'Idempotency-Key': 'mine' };
    const answers = await Promise.all([1, 2].map(() => send('/api/activity', { text: 'x', id: 'mine' }, { headers })));
    const ids = answers.map(({ body }) => body.id);
    expect(new Set([...ids, 'mine']).size).toBe(3);
    expect((await items()).map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  it('groups by tenant, else by user', async () => {
    await send('/api/fair', { text: '1' }, { token: await tokenOf({ tenant: "l'école" }) });
    await send('/api/fair', { text: '2' }, { token: await tokenOf({ sub: 'x'.repeat(200) }) });
    const sent = await messages('Plain');
    const byText = Object.fromEntries(
      sent.map(({ Body = '', Attributes }) => {
        const { data, group } = JSON.parse(Body);
        return [data.body.text, [Attributes?.MessageGroupId, group]];
      }),
    );
    expect(byText).toEqual({
      1: ["tenant:l'_cole", "tenant:l'_cole"],
      2: ['x'.repeat(128), 'x'.repeat(128)],
    });
  });

  it('keeps the order of a user in a FIFO queue, and drops nothing for being the same', async () => {
    for (const text of ['1', '2', '2', '3']) expect((await send('/api/ordered', { text })).status).toBe(202);
    const sent = await messages('Ordered');
    expect(sent.map(({ Body = '' }) => JSON.parse(Body).data.body.text)).toEqual(['1', '2', '2', '3']);
    expect(new Set(sent.map(({ Attributes }) => Attributes?.MessageGroupId))).toEqual(new Set(['user:alice']));
  });

  it.each([
    ['a member too few', {}, 400],
    ['a number for a text', { text: 1 }, 400],
    ['broken JSON', '{"text":', 400],
    ['JSON behind JSON', '{"text":"x"}},"id":"mine","data":{"body":{"text":"y"}', 400],
    ['nothing', '', 400],
  ])('refuses %s with a problem, and queues nothing', async (_what, body, status) => {
    const answer = await send('/api/activity', body);
    expect(answer).toMatchObject({ status, body: { type: 'urn:spillway:problem:invalid-request', status } });
    expect(await items()).toEqual([]);
  });

  it('refuses another type than JSON', async () => {
    const answer = await send('/api/activity', 'text=x', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
    expect(await items()).toEqual([]);
  });

  it('takes a body that just fits into a message, and refuses one that does not', async () => {
    const room = WORK_ITEM_MAX_BYTES - 16 * 1_024 - JSON.stringify({ text: '' }).length;
    // Two bytes each in UTF-8, so that characters counted for bytes would pass for half.
    const fits = await send('/api/activity', { text: 'é'.repeat(Math.floor(room / 2) - 1) });
    expect(fits.status).toBe(202);
    const tooLarge = await send('/api/activity', { text: 'é'.repeat(Math.ceil(room / 2) + 2) });
    expect(tooLarge).toMatchObject({
      status: 413,
      body: { type: 'urn:spillway:problem:request-too-large', status: 413 },
    });
    expect(tooLarge.headers.get('content-type')).toBe(PROBLEM_CONTENT_TYPE);
    expect(await items()).toHaveLength(1);
  });

  it('says of characters that SQS does not take that they have to be escaped', async () => {
    const answer = await send('/api/activity', '{"text":"\uffff"}');
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:spillway:problem:invalid-request', status: 400 } });
  });

  it('asks for a token, and for the scope', async () => {
    expect((await send('/api/activity', { text: 'x' }, { token: 'none' })).status).toBe(401);
    expect((await send('/api/activity', { text: 'x' }, { token: await tokenOf({ scope: 'feed:read' }) })).status).toBe(
      403,
    );
    expect(await items()).toEqual([]);
  });

  it('is throttled like every other route', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('/api/fair', { text: 'x' })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(refused[0]?.body.type).toBe('urn:spillway:problem:throttled');
    expect(await items()).toHaveLength(answers.length - refused.length);
  });

  it('answers preflights', async () => {
    const answer = await fetch(`${twin.apiUrl}/api/activity`, { method: 'OPTIONS' });
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST,OPTIONS');
  });

  it('answers 503 with a time to come back while the queue is gone', async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl: physicalId(twin, 'AWS::SQS::Queue', 'Ordered/') }));
    const answer = await send('/api/ordered', { text: 'x' });
    expect(answer).toMatchObject({
      status: 503,
      body: {
        type: 'urn:spillway:problem:queue-unavailable',
        status: 503,
        instance: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(answer.headers.get('content-type')).toBe(PROBLEM_CONTENT_TYPE);
    expect(answer.headers.get('access-control-allow-origin')).toBe(CORS_ALLOWED_ORIGIN);
  });
});
