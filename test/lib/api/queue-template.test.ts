import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { WORK_ITEM_MAX_BYTES, WorkItem } from '../../../lambdas/contract/work.ts';
import { QUEUED_BODY_MAX_BYTES, type QueueTemplateOptions, queueTemplate } from '../../../lib/api/queue-template.ts';
import { UTIL } from '../../../local/twin/gateway/mapping/util-variable.ts';
import { parseVelocity } from '../../../local/twin/gateway/mapping/velocity-template.ts';

interface Request {
  readonly body?: unknown;
  readonly sub?: string;
  readonly tenant?: string;
  readonly traceparent?: string;
}

const PLAIN: QueueTemplateOptions = { group: undefined, fifo: false };
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** The form that SQS gets. */
function formOf(request: Request, options: QueueTemplateOptions = PLAIN): Record<string, string> {
  const { body = {}, sub = 'alice', tenant, traceparent = '' } = request;
  const text = parseVelocity(queueTemplate(options)).render({
    input: { json: () => JSON.stringify(body), params: (name: string) => (name === 'traceparent' ? traceparent : '') },
    util: UTIL,
    context: {
      extendedRequestId: 'KxDsEH+/IAMFbLg=',
      requestTimeEpoch: 1_700_000_000_000,
      authorizer: { sub, ...(tenant !== undefined && { tenant }) },
    },
  });
  return Object.fromEntries(new URLSearchParams(text));
}

function itemOf(request: Request, options?: QueueTemplateOptions): unknown {
  return JSON.parse(formOf(request, options).MessageBody ?? '');
}

describe('queueTemplate', () => {
  it('makes a work item out of a request', () => {
    const { Action, MessageBody = '', ...others } = formOf({ body: { text: 'x' }, traceparent: TRACEPARENT });
    expect([Action, others]).toEqual(['SendMessage', {}]);
    const item = JSON.parse(MessageBody);
    expect(v.parse(WorkItem, item)).toEqual(item);
    expect(item).toEqual({
      id: 'KxDsEH+/IAMFbLg=',
      acceptedAtMs: 1_700_000_000_000,
      traceparent: TRACEPARENT,
      data: { sub: 'alice', body: { text: 'x' } },
    });
  });

  it('puts any body and any name in as they are, and nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary', minLength: 1 }), (sent, sub) => {
        // What JSON cannot say, such as -0, is not sent.
        const body = JSON.parse(JSON.stringify(sent));
        expect(Object.keys(formOf({ body, sub })).sort()).toEqual(['Action', 'MessageBody']);
        expect(itemOf({ body, sub })).toEqual({
          id: 'KxDsEH+/IAMFbLg=',
          acceptedAtMs: 1_700_000_000_000,
          data: { sub, body },
        });
      }),
    );
  });

  it('names the group by which messages take turns in printable ASCII of at most 128 characters', () => {
    const options = { group: 'tenant', fifo: false } as const;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.boolean(), (name, isTenant) => {
        const request = isTenant ? { tenant: name } : { sub: name };
        const { MessageGroupId = '' } = formOf(request, options);
        expect(MessageGroupId).toMatch(/^[!-~]{1,128}$/);
        expect(itemOf(request, options)).toMatchObject({ group: MessageGroupId });
      }),
    );
    expect(formOf({ tenant: 'acme' }, options).MessageGroupId).toBe('tenant:acme');
    expect(formOf({}, options).MessageGroupId).toBe('user:alice');
    expect(formOf({ tenant: 'acme' }, { group: 'user', fifo: false }).MessageGroupId).toBe('user:alice');
    expect(formOf({ sub: `${'i'.repeat(200)}|end` }, options).MessageGroupId).toMatch(/i\|end$/);
  });

  it('tells a FIFO queue that no two requests are the same', () => {
    const form = formOf({}, { group: 'user', fifo: true });
    expect(form).toMatchObject({ MessageGroupId: 'user:alice', MessageDeduplicationId: 'KxDsEH+/IAMFbLg=' });
  });

  it.each([
    '',
    '00-xyz',
    `${TRACEPARENT}","id":"mine`,
    TRACEPARENT.toUpperCase(),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  ])('leaves the trace context out that is none: %j', (traceparent) =>
    expect(itemOf({ traceparent })).not.toHaveProperty('traceparent'),
  );

  it('leaves the message out where the body is too large for it, by bytes', () => {
    // Of two bytes each, and eight for the quotes and the name around them.
    const body = (bytes: number) => ({ a: 'é'.repeat((bytes - 8) / 2) });
    const edge = QUEUED_BODY_MAX_BYTES - (QUEUED_BODY_MAX_BYTES % 6);
    expect(Buffer.byteLength(JSON.stringify(body(edge)))).toBe(edge);
    const { MessageBody = '' } = formOf({ body: body(edge) }, { group: 'tenant', fifo: true });
    expect(Buffer.byteLength(MessageBody)).toBeLessThanOrEqual(WORK_ITEM_MAX_BYTES);
    expect(formOf({ body: body(edge + 6) })).not.toHaveProperty('MessageBody');
  });
});
