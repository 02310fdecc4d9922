import { describe, expect, it } from 'vitest';
import { isFunctionOf } from '../../../local/redrive/find-resources.ts';

describe('isFunctionOf', () => {
  it.each([
    ['notifications', 'SpillwayDevService-NotificationsWorkerFunct-ABC', true],
    ['notifications', 'SpillwayDevService-NotificationsWorkerFunction1A2B3C4D-ABC', true],
    ['notifications', 'SpillwayDevService-ApiNotificationsFunction1-ABC', false],
    ['notifications', 'SpillwayProdService-NotificationsWorkerFunct-ABC', false],
    ['outbox-relay', 'SpillwayDevService-OutboxRelayWorkerFunctio-ABC', true],
    ['analytics', 'SpillwayDevService-NotificationsWorkerFunct-ABC', false],
  ])('of %s: %s → %s', (consumer, name, isIts) => {
    expect(isFunctionOf(consumer, 'dev')(name)).toBe(isIts);
  });
});
