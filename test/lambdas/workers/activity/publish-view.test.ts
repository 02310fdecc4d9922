import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ActivityWork } from '../../../../lambdas/contract/activity.ts';
import { DomainEvent } from '../../../../lambdas/contract/events/domain-event.ts';
import type { Job } from '../../../../lambdas/middleware/queue-worker.ts';
import { publishView } from '../../../../lambdas/workers/activity/publish-view.ts';

const POST = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const signal = new AbortController().signal;
const job = (overrides: Partial<Job<ActivityWork>> = {}): Job<ActivityWork> => ({
  id: 'w1',
  data: { sub: 'ada', body: { type: 'post-viewed', postId: POST } },
  attempt: 1,
  acceptedAtMs: Date.UTC(2026, 10, 22, 12),
  deadlineMs: undefined,
  traceparent: undefined,
  messageId: 'm1',
  ...overrides,
});

async function eventOf(overrides: Partial<Job<ActivityWork>> = {}): Promise<DomainEvent> {
  const events: DomainEvent[] = [];
  await publishView(async (event) => void events.push(event), job(overrides), signal);
  expect(events).toHaveLength(1);
  return v.parse(DomainEvent, events[0]);
}

describe('publishView', () => {
  it('publishes who looked at which post, and when that was told', async () => {
    expect(await eventOf()).toMatchObject({
      type: 'PostViewed',
      time: '2026-11-22T12:00:00.000Z',
      subject: POST,
      data: { postId: POST, viewerId: 'ada' },
    });
  });

  it('names the event after the work, so that another delivery names the same', async () => {
    const again = await eventOf({ attempt: 2, messageId: 'm2' });
    expect(again).toEqual(await eventOf());
    expect((await eventOf({ id: 'w2' })).id).not.toBe(again.id);
  });

  it('hands on the trace of the request', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect((await eventOf({ traceparent })).traceparent).toBe(traceparent);
    expect(await eventOf()).not.toHaveProperty('traceparent');
  });

  it('fails where the event could not be published, to be called again', async () => {
    const publish = () => Promise.reject(new Error('no route'));
    await expect(publishView(publish, job(), signal)).rejects.toThrow('no route');
  });
});
