import type { Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { WorkName } from '../../lambdas/contract/work.ts';

/** A queue of work as routes see it; every `WorkQueue` is one. */
export interface WorkTarget {
  /** What operators, metrics and refusals call it. */
  readonly name: WorkName;
  readonly queue: IQueue;
  /** Age of its oldest message that is still well, in whole seconds; beyond it the queue is behind. */
  readonly maxAge: Duration;
  /** How its messages are ordered. @default - at most by time */
  readonly order?: { readonly kind: string } | undefined;
}
