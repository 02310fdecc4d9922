import { describe, expect, it } from 'vitest';
import { parkedMessage, readParkedMessage, restoreEvent } from '../../../lambdas/middleware/parked-message.ts';
import { authorizerContext, proxyEvent } from '../../support/proxy-event.ts';

const REST = {
  parkedId: '01K8ZZZZZZZZZZZZZZZZZZZZZZ',
  caller: 'user:alice',
  parkedAtMs: 1,
  deadlineMs: 2,
  position: 12.5,
  latencyTargetMs: 200,
};

describe('parkedMessage', () => {
  const event = proxyEvent({
    method: 'PUT',
    resource: '/api/follows/{userId}',
    pathParameters: { userId: 'b%20c' },
    query: { notify: ['no', 'yes'], 'a b': 'ü' },
    headers: { 'Content-Type': 'application/json', traceparent: '00-a-b-01', 'Idempotency-Key': 'k' },
    body: { note: 'hi "you"' },
    sourceIp: '2001:db8::1',
    requestId: 'request-7',
    authorizer: authorizerContext(),
  });
  const restored = (given = event) => {
    const message = readParkedMessage(parkedMessage(given, REST));
    if (message === undefined) throw new Error('the message cannot be read');
    return { message, event: restoreEvent(message) };
  };

  it('brings back what handlers and middlewares go by', () => {
    const { message, event: back } = restored();
    expect(message).toMatchObject(REST);
    for (const name of [
      ...(['httpMethod', 'resource', 'path', 'pathParameters', 'body', 'isBase64Encoded'] as const),
      ...(['queryStringParameters', 'multiValueQueryStringParameters'] as const),
    ]) {
      expect(back[name]).toEqual(event[name]);
    }
    const { requestId, stage, path, authorizer, resourcePath } = event.requestContext;
    expect(back.requestContext).toMatchObject({ requestId, stage, path, authorizer, resourcePath });
    expect(back.requestContext.identity.sourceIp).toBe('2001:db8::1');
    expect(back.headers).toEqual({
      'content-type': 'application/json',
      traceparent: '00-a-b-01',
      'idempotency-key': 'k',
    });
  });

  it('brings back a request that has none of them', () => {
    const bare = proxyEvent({ method: 'DELETE', resource: '/api/cart' });
    const without = { ...bare, headers: null, multiValueHeaders: null } as unknown as typeof bare;
    const { event: back } = restored(without);
    expect(back).toMatchObject({ body: null, pathParameters: null, queryStringParameters: null, headers: {} });
    expect(back.requestContext.authorizer).toEqual({});
  });

  it('carries no credentials and no cookies', () => {
    const headers = { Authorization: 'Bearer t0ken', Cookie: 'c00kie', 'x-api-key': 'k3y', 'X-Forwarded-For': 'pr0xy' };
    const text = parkedMessage(proxyEvent({ resource: '/', headers }), REST);
    for (const secret of ['t0ken', 'c00kie', 'k3y', 'pr0xy']) expect(text).not.toContain(secret);
  });
});

describe('readParkedMessage', () => {
  it('reads nothing else', () => {
    for (const body of [
      '',
      'null',
      '{',
      '{"version":1}',
      parkedMessage(proxyEvent({ resource: '/' }), REST).replace('1', '2'),
    ]) {
      expect(readParkedMessage(body)).toBeUndefined();
    }
  });
});
