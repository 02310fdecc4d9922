import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { Deliveries } from './deliveries.ts';
import { TopicProvisioner } from './provision-topics.ts';
import { Publisher, publishOperations } from './publish-operations.ts';
import { subscriptionOperations } from './subscription-operations.ts';
import { topicDatabase } from './topic-database.ts';
import { topicOperations } from './topic-operations.ts';
import { TopicStore } from './topic-store.ts';

export interface SnsRoom extends AwsRoom {
  readonly store: TopicStore;
  /** Resolves when what was published has been delivered, or given up. */
  settled(): Promise<void>;
}

/** SNS, API version 2010-03-31, with delivery to queues and functions. */
export function startSns(context: AwsContext, setTimer: SetTimer = machineTimer): SnsRoom {
  const { region, accountId, nowMs, log, database } = context;
  const store = new TopicStore(`arn:aws:sns:${region}:${accountId}:`, database && topicDatabase(database));
  const deliveries = new Deliveries(context, setTimer);
  const provisioner = new TopicProvisioner(store, log, database);
  return {
    store,
    service: {
      ...topicOperations(store, accountId),
      ...subscriptionOperations(store, accountId, log),
      ...publishOperations(store, new Publisher(deliveries, nowMs)),
    },
    provision: (resources) => provisioner.provision(resources),
    settled: () => deliveries.settled(),
    close: () => {
      provisioner.flush();
      return deliveries.close();
    },
  };
}
