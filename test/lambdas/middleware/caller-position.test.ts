import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRIORITIES, type Priority } from '../../../lambdas/contract/priority.ts';
import { callerOf, loadCheck } from '../../../lambdas/middleware/caller-position.ts';
import { proxyEvent } from '../../support/proxy-event.ts';

const HOUR = 3_600_000;
const caller = { sub: 'alice', tier: 'free', scopes: [], expiresAtSeconds: 1 };

const positionOf = (person: string, priority: Priority, nowMs: number) =>
  loadCheck({ person, priority, nowMs, parkable: false, readmitted: false }).position;

const persons = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.uuid().map((id) => `user:${id}`),
);
const times = fc.integer({ min: 0, max: 2 ** 43 });

describe('callerOf', () => {
  const event = proxyEvent({ resource: '/', sourceIp: '2001:db8::1' });

  it('is the tenant, else the user, else the network', () => {
    expect(callerOf(event, { ...caller, tenant: 'acme' })).toBe('tenant:acme');
    expect(callerOf(event, caller)).toBe('user:alice');
    expect(callerOf(event, undefined)).toMatch(/^ip:2001:0?db8:/);
  });

  it('keeps apart who has one name as a tenant and as a user', () => {
    expect(callerOf(event, { ...caller, sub: 'acme' })).not.toBe(callerOf(event, { ...caller, tenant: 'acme' }));
  });
});

describe('loadCheck', () => {
  it('places everybody in the band of their priority', () => {
    fc.assert(
      fc.property(persons, fc.constantFrom(...PRIORITIES), times, (person, priority, nowMs) => {
        const position = positionOf(person, priority, nowMs);
        const band = PRIORITIES.indexOf(priority);
        expect(position).toBeGreaterThan(25 * band);
        expect(position).toBeLessThanOrEqual(25 * (band + 1));
      }),
    );
  });

  it('keeps a person’s place within the hour, in every band', () => {
    fc.assert(
      fc.property(...[persons, times, fc.nat(HOUR - 1), fc.nat(HOUR - 1)], (person, nowMs, first, second) => {
        const hour = nowMs - (nowMs % HOUR);
        const place = positionOf(person, 'critical-plus', hour + first);
        expect(positionOf(person, 'critical-plus', hour + second)).toBe(place);
        expect(positionOf(person, 'sheddable', hour + second) - 75).toBeCloseTo(place, 9);
      }),
    );
  });

  it('spreads callers evenly over a band, also those whose names differ in the last characters', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 20_000; index += 1) {
      const tenth = Math.min(9, Math.floor(positionOf(`user:${index}`, 'critical-plus', 0) / 2.5));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Of 2,000 each, five standard deviations of a binomial distribution: √(20,000 · 0.1 · 0.9) = 42.
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(5 * 42.5);
  });

  it('deals the places anew every hour, so that nobody is always the first to be shed', () => {
    const people = Array.from({ length: 2_000 }, (_, index) => `user:${index}`);
    const isLast = (hour: number) => (person: string) => positionOf(person, 'sheddable', hour * HOUR) > 97.5;
    const lastNow = people.filter(isLast(490_000));
    // One of ten is last in an hour; were places kept, all of them would be last in the next one as well.
    const stillLast = lastNow.filter(isLast(490_001));
    expect(lastNow.length).toBeGreaterThan(100);
    expect(stillLast.length / lastNow.length).toBeLessThan(0.25);
  });

  it('hands on whether the request may wait, and whether it has', () => {
    const request = { person: 'user:alice', priority: 'sheddable', nowMs: 0 } as const;
    expect(loadCheck({ ...request, parkable: true, readmitted: false })).toMatchObject({
      parkable: true,
      readmitted: false,
    });
    expect(loadCheck({ ...request, parkable: false, readmitted: true })).toMatchObject({
      parkable: false,
      readmitted: true,
    });
  });
});
