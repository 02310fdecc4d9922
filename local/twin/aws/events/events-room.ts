import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { EventRouter } from './event-router.ts';
import { EventStore } from './event-store.ts';
import { EventProvisioner } from './provision-events.ts';
import { putEventsOperation } from './put-events.ts';
import { ruleOperations } from './rule-operations.ts';
import { ScheduleClock } from './schedule-clock.ts';
import { Schedules } from './schedules.ts';
import { TargetDeliveries } from './target-deliveries.ts';

export interface EventsRoom extends AwsRoom {
  readonly store: EventStore;
  /** Resolves when what was put has been delivered, or given up. */
  settled(): Promise<void>;
}

/**
 * EventBridge, API version 2015-10-07: buses, rules and their targets, and the schedules of EventBridge Scheduler out of
 * templates, whose API is not here. All of it is in memory: rules that an API call has made are gone after a restart.
 */
export function startEvents(context: AwsContext, setTimer: SetTimer = machineTimer): EventsRoom {
  const { region, accountId, nowMs, log } = context;
  const deliveries = new TargetDeliveries(context, setTimer);
  const clock = new ScheduleClock(nowMs, setTimer);
  const router = new EventRouter({ deliveries, region, accountId, log });
  const arnPrefix = `arn:aws:events:${region}:${accountId}:`;
  const store = new EventStore({
    arnPrefix,
    nowMs,
    clock,
    onSchedule: (rule, dueMs) => router.onSchedule(rule, dueMs),
  });
  const schedules = new Schedules({ clock, deliveries, nowMs, region, accountId });
  const schedulePrefix = `arn:aws:scheduler:${region}:${accountId}:schedule/`;
  const provisioner = new EventProvisioner(store, schedules, schedulePrefix, log);
  return {
    store,
    service: {
      ...putEventsOperation({ store, router, region, accountId, nowMs, log }),
      ...ruleOperations(store, log),
    },
    provision: (resources) => provisioner.provision(resources),
    settled: () => deliveries.settled(),
    close: () => {
      clock.close();
      return deliveries.close();
    },
  };
}
