import type { SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { WorkItem } from '../../contract/work.ts';
import { receiveCount } from './receive-count.ts';

/** Accepted work, as its worker sees it. */
export interface Job<T> {
  /** Names its effect: the same work delivered twice carries the same id. */
  readonly id: string;
  readonly data: T;
  /** 1 for the first delivery. It grows also where a delivery ended before the work began. */
  readonly attempt: number;
  /** In ms since the epoch. */
  readonly acceptedAtMs: number;
  /** When its result is of no use any more, in ms since the epoch. */
  readonly deadlineMs: number | undefined;
  /** W3C trace context of the request that caused it. */
  readonly traceparent: string | undefined;
  /** Of the message that brought it; another one once it was redriven. */
  readonly messageId: string;
}

/** What a message turned out to be. */
export type ReadJob<T> =
  | { readonly kind: 'job'; readonly job: Job<T> }
  /** Nobody can do it. `job` is there where it says at least whose it is. */
  | { readonly kind: 'unreadable'; readonly job: Job<unknown> | undefined; readonly error: UnreadableWork };

/** The message is no work, or its data is against the schema: no further attempt changes that. */
export class UnreadableWork extends Error {
  readonly code = 'unreadable-work';
  readonly retryable = false;
}

const Item = v.pipe(v.string(), v.parseJson(), WorkItem);

/** Reads the work in a message. */
export function readJob<T>(schema: v.GenericSchema<unknown, T>, record: SQSRecord): ReadJob<T> {
  const item = v.safeParse(Item, record.body, { abortEarly: true });
  if (!item.success) return unreadable('the message is no work item', item.issues[0], undefined);
  const { id, acceptedAtMs, deadlineMs, traceparent, data } = item.output;
  const attempt = receiveCount(record);
  const { messageId } = record;
  const job: Job<unknown> = { id, data, attempt, acceptedAtMs, deadlineMs, traceparent, messageId };
  const parsed = v.safeParse(schema, data, { abortEarly: true });
  if (!parsed.success) return unreadable('the data of the work is against its schema', parsed.issues[0], job);
  return { kind: 'job', job: { ...job, data: parsed.output } };
}

function unreadable(
  what: string,
  issue: v.BaseIssue<unknown>,
  job: Job<unknown> | undefined,
): Extract<ReadJob<never>, { kind: 'unreadable' }> {
  const path = v.getDotPath(issue);
  // An issue quotes what it met, which may be a caller's data: enough of it to find the fault, and no more.
  const message = `${what}${path === null ? '' : `, at ${path}`}: ${issue.message.slice(0, 160)}`;
  return { kind: 'unreadable', job, error: new UnreadableWork(message) };
}
