import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { Route } from '../../../lib/api/route.ts';
import { WhenBehind } from '../../../lib/api/when-behind.ts';
import type { WorkTarget } from '../../../lib/api/work-target.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const queue = new Queue(flaggedStack(), 'Video');
const video: WorkTarget = { name: 'video', queue, maxAge: Duration.minutes(2) };
const scope = 'feed:write';
const untyped = (value: unknown) => value as never;

describe('WhenBehind', () => {
  it.each([
    ['refuse', WhenBehind.refuse(video)],
    ['by-priority', WhenBehind.byPriority(video)],
  ])('travels to the handler with the queue’s name and budget: %s', (whenBehind, answer) => {
    const { spec } = Route.post('/api/video', { scope, whenBehind: answer });
    expect(spec.work).toEqual({ queue: 'video', maxAgeSeconds: 120, whenBehind });
    expect(Route.post('/api/video', { scope }).spec).not.toHaveProperty('work');
  });

  it('has a budget from 10 seconds to 14 days', () => {
    for (const maxAge of [Duration.seconds(10), Duration.days(14)]) {
      expect(WhenBehind.refuse({ ...video, maxAge }).target.maxAge).toBe(maxAge);
    }
  });

  it.each([
    [Duration.seconds(9), '9 seconds'],
    [Duration.seconds(0), '0 seconds'],
    [Duration.days(15), '15 days'],
    [Duration.seconds(Number.NaN), 'NaN'],
    [Duration.seconds(Number.POSITIVE_INFINITY), 'Infinity'],
    [Duration.millis(10_500), '10 seconds 500 millis'],
    [untyped(60), '60; write Duration.seconds(5), say'],
  ])('fails for a budget of %s', (maxAge, got) => {
    const subject = "whenBehind: WhenBehind.byPriority: maxAge of the queue 'video' must be ";
    const make = () => WhenBehind.byPriority({ ...video, maxAge });
    expect(make).toThrow(subject);
    expect(make).toThrow(`got ${got}`);
  });

  it.each([
    ['undefined', undefined, 'got undefined'],
    ['a queue of CDK', queue, 'got '],
    ['a queue without a budget', { name: 'video', queue }, 'got '],
    ['work that nobody knows', { ...video, name: 'audio' }, "got one called 'audio'"],
  ])('fails for %s in place of a queue of work', (_what, target, got) => {
    const make = () => WhenBehind.refuse(untyped(target));
    expect(make).toThrow('whenBehind: WhenBehind.refuse: the queue must be a WorkQueue called video or activity, ');
    expect(make).toThrow(got);
  });

  it.each(['get', 'delete'] as const)('fails on %s, which makes no queue longer', (method) => {
    expect(() => Route[method]('/api/video', { scope, whenBehind: WhenBehind.refuse(video) })).toThrow(
      `route '${method.toUpperCase()} /api/video': whenBehind is for POST, PUT and PATCH, got it on ${method.toUpperCase()}`,
    );
  });

  it('fails for what is none', () => {
    expect(() => Route.post('/api/video', { scope, whenBehind: untyped('refuse') })).toThrow(
      "route 'POST /api/video': whenBehind must be a WhenBehind, got 'refuse'; use WhenBehind.refuse(queue), say",
    );
  });
});
