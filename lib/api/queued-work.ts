import type { GenericSchema } from 'valibot';
import { WORK_NAMES } from '../../lambdas/contract/work.ts';
import { quote } from '../quote.ts';
import { SpillwayError } from '../spillway-error.ts';
import type { QueueGroup } from './queue-template.ts';
import type { Throttle } from './throttle.ts';
import type { WorkTarget } from './work-target.ts';

/** Methods whose requests have a body to be put into a queue. */
const QUEUE_METHODS = ['POST', 'PUT', 'PATCH'] as const;
export type QueueMethod = (typeof QUEUE_METHODS)[number];
const QUEUE_GROUPS: readonly QueueGroup[] = ['user', 'tenant'];

/** What is to be said of a route that ends in a queue: limits, priorities and the like need a service to go by them. */
export interface QueueRouteProps {
  /** Scope that the token must carry; the message names whose it is. */
  readonly scope: string;
  /** What the route does, in a few words, for the OpenAPI document. @default - method and path */
  readonly summary?: string;
  /** What all callers together may do, on a best-effort basis, enforced by API Gateway. @default - the stage's throttle */
  readonly throttle?: Throttle;
  /** Schema of the JSON body, which API Gateway checks; the worker gets what it has parsed, and parses it again. */
  readonly body: GenericSchema;
  /**
   * By whom the messages take turns (fair), or keep their order (FIFO); the user counts where a caller has no tenant. Set
   * on a standard queue, it makes that one fair.
   * @default - 'tenant' where the queue is FIFO or fair, else no group
   */
  readonly group?: QueueGroup;
}

/** Where the requests of a route go that no service sees. */
export interface QueuedWork {
  readonly target: WorkTarget;
  readonly group: QueueGroup | undefined;
}

/** @throws SpillwayError for what is no such route, as from a file without types */
export function queuedWork(subject: string, method: string, target: WorkTarget, props: QueueRouteProps): QueuedWork {
  const fail = (code: string, message: string): never => {
    throw new SpillwayError(code, `${subject}: ${message}`);
  };
  if (!QUEUE_METHODS.some((known) => known === method)) {
    fail('invalid-method', `a route to a queue must be one of ${QUEUE_METHODS.join(', ')}, got ${quote(method)}`);
  }
  validateTarget(subject, target);
  if (typeof props?.scope !== 'string') {
    fail('unqueueable-route', 'a route to a queue needs a scope, as its messages say whose they are; name one');
  }
  if (props.body === undefined) {
    fail('unqueueable-route', 'a route to a queue needs a body, of which the message is made; give it a schema');
  }
  const { group = target.queue.fifo || isFair(target) ? 'tenant' : undefined } = props;
  if (group !== undefined && !QUEUE_GROUPS.includes(group)) {
    fail(
      'invalid-group',
      `group must be one of ${QUEUE_GROUPS.join(', ')}, got ${quote(group)}; leave it out for the default`,
    );
  }
  return { target, group };
}

/** @throws SpillwayError for what is no queue of work */
export function validateTarget(subject: string, target: WorkTarget | undefined): void {
  const isQueue = target?.queue?.queueArn !== undefined && target.maxAge !== undefined;
  if (isQueue && WORK_NAMES.some((known) => known === target.name)) return;
  const got = !isQueue ? quote(target) : `one called ${quote(target.name)}`;
  throw new SpillwayError(
    'invalid-queue',
    `${subject}: the queue must be a WorkQueue called ${WORK_NAMES.join(' or ')}, got ${got}`,
  );
}

function isFair({ order }: WorkTarget): boolean {
  return order?.kind === 'fair';
}
