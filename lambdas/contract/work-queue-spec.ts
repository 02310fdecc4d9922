import * as v from 'valibot';
import { WORK_NAMES } from './work.ts';

/**
 * What a message's group means to a queue: nothing, whose turn it takes (a standard queue serves groups in turn), or what
 * it keeps the order of. A message to a queue of the latter two carries the work's `group` as `MessageGroupId`.
 */
export const WORK_ORDERS = ['none', 'fair', 'fifo'] as const;
export type WorkOrderKind = (typeof WORK_ORDERS)[number];

/** Where one kind of work goes. */
export const WorkQueueSpec = v.object({ url: v.string(), order: v.picklist(WORK_ORDERS) });
export type WorkQueueSpec = v.InferOutput<typeof WorkQueueSpec>;

/** Parses `Env.WORK_QUEUES`: the queues of those kinds of work that the function sends. */
export const WorkQueuesJson = v.pipe(v.string(), v.parseJson(), v.record(v.picklist(WORK_NAMES), WorkQueueSpec));
