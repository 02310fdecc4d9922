import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { QueueMethod, QueueRouteProps } from '../../../lib/api/queued-work.ts';
import { Route } from '../../../lib/api/route.ts';
import type { WorkTarget } from '../../../lib/api/work-target.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack();
const body = v.object({ text: v.string() });
const maxAge = Duration.minutes(5);
const plain: WorkTarget = { name: 'activity', queue: new Queue(stack, 'Plain'), maxAge };
const fifo: WorkTarget = { name: 'video', queue: new Queue(stack, 'Fifo', { fifo: true }), maxAge };
const fair: WorkTarget = { ...plain, order: { kind: 'fair' } };

const toQueue = (queue: WorkTarget, props: Partial<QueueRouteProps> = {}, method: QueueMethod = 'POST') =>
  Route.toQueue(method, '/api/activity', queue, { scope: 'activity:write', body, ...props });
/** What a file without types may say. */
const untyped = (value: unknown) => value as never;

describe('Route.toQueue', () => {
  it('is a route with a scope whose requests no service sees', () => {
    const route = toQueue(plain, { summary: 'Tell', throttle: { ratePerSecond: 5, burst: 9 } });
    expect(route).toMatchObject({
      method: 'POST',
      scope: 'activity:write',
      summary: 'Tell',
      throttle: { ratePerSecond: 5, burst: 9 },
      queued: { target: plain, group: undefined },
    });
    expect(Object.keys(route.responses)).toEqual(['202']);
  });

  it.each([
    ['plain', plain, undefined],
    ['fair', fair, 'tenant'],
    ['FIFO', fifo, 'tenant'],
  ])('groups the messages of a %s queue by default as it needs them', (_kind, queue, group) => {
    expect(toQueue(queue).queued?.group).toBe(group);
    expect(toQueue(queue, { group: 'user' }).queued?.group).toBe('user');
  });

  it.each(['GET', 'DELETE', 'post', ''])('fails for the method %j', (method) => {
    expect(() => toQueue(plain, {}, untyped(method))).toThrow(
      `route '${method} /api/activity': a route to a queue must be one of POST, PUT, PATCH, got '${method}'`,
    );
  });

  it.each([
    ['nothing', undefined, 'got undefined'],
    ['a queue of CDK', plain.queue, 'got '],
    ['a name that no work has', { ...plain, name: 'audio' }, "got one called 'audio'"],
  ])('fails for %s in place of a queue of work', (_what, queue, got) => {
    expect(() => toQueue(untyped(queue))).toThrow(
      "route 'POST /api/activity': the queue must be a WorkQueue called video or activity, ",
    );
    expect(() => toQueue(untyped(queue))).toThrow(got);
  });

  it.each([
    ['without a scope', { scope: undefined }, 'a route to a queue needs a scope'],
    ['that is public', { scope: Route.PUBLIC }, 'a route to a queue needs a scope'],
    ['without a body', { body: undefined }, 'a route to a queue needs a body'],
    ['with an unknown group', { group: 'claim' }, "group must be one of user, tenant, got 'claim'"],
    ['with a throttle of nothing', { throttle: { ratePerSecond: 0, burst: 1 } }, 'throttle.ratePerSecond must be'],
  ])('fails for a route %s', (_what, props, message) => {
    expect(() => toQueue(plain, untyped(props))).toThrow(message);
  });

  it('fails without props', () => {
    expect(() => Route.toQueue('POST', '/api/activity', plain, untyped(undefined))).toThrow('needs a scope');
  });
});
