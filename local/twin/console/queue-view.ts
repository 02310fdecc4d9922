import type { QueueStore } from '../aws/sqs/queue-store.ts';
import type { ResourceLabels } from './resource-labels.ts';

/** A queue as the console shows it. */
export interface QueueView {
  readonly name: string;
  readonly label: string;
  readonly url: string;
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
  /** Whether dead letters end in it: then its messages are what somebody could not do. */
  readonly takesDeadLetters: boolean;
  /** Where its messages go after `maxReceives` receives. */
  readonly deadLetterQueue: string | undefined;
  readonly maxReceives: number | undefined;
}

export interface QueueViewSources {
  readonly queues: QueueStore;
  readonly labels: ResourceLabels;
  /** Of the templates; redrive policies of queues are known here. */
  readonly deadLetterArns: ReadonlySet<string>;
  readonly awsEndpointUrl: string;
}

/** Counting a queue costs a look at its heap, no call: delays and timeouts that are over are noticed by it. */
export function queueViews({ queues, labels, deadLetterArns, awsEndpointUrl }: QueueViewSources): QueueView[] {
  const entries = queues.entries();
  const nowMs = queues.nowMs();
  const targets = new Set(entries.map(({ queue }) => queue.settings.redrive?.deadLetterTargetArn));
  return entries.map(({ name, arn, queue }) => {
    const { redrive } = queue.settings;
    return {
      name,
      label: labels.of('sqs', name),
      url: `${awsEndpointUrl}/${queues.accountId}/${name}`,
      ...queue.counts(nowMs),
      takesDeadLetters: targets.has(arn) || deadLetterArns.has(arn),
      deadLetterQueue: redrive && labels.ofArn(redrive.deadLetterTargetArn),
      maxReceives: redrive?.maxReceiveCount,
    };
  });
}
