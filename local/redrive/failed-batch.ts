import * as v from 'valibot';

/** Where the records of a failed batch are in their stream. */
const BatchInfo = v.object({
  shardId: v.string(),
  startSequenceNumber: v.string(),
  endSequenceNumber: v.string(),
  batchSize: v.number(),
  streamArn: v.string(),
});
export type BatchInfo = v.InferOutput<typeof BatchInfo>;

/** What Lambda says of a batch of a stream that a consumer has given up: an object in S3, or a message. */
const FailedBatch = v.object({
  requestContext: v.object({ functionArn: v.string(), condition: v.string() }),
  responseContext: v.nullish(v.object({ functionError: v.nullish(v.string()) })),
  timestamp: v.string(),
  KinesisBatchInfo: v.optional(BatchInfo),
  DDBStreamBatchInfo: v.optional(BatchInfo),
  /** JSON of the event that the function was called with. In S3 only. */
  payload: v.optional(v.string()),
});
export type FailedBatch = v.InferOutput<typeof FailedBatch>;

const Notice = v.object({
  Records: v.array(
    v.object({ s3: v.object({ bucket: v.object({ name: v.string() }), object: v.object({ key: v.string() }) }) }),
  ),
});
/** What S3 sends when notifications are switched on. */
const TestNotice = v.object({ Event: v.literal('s3:TestEvent') });

/** What a message about a failed batch is. */
export type BatchLetter =
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'batch'; readonly batch: FailedBatch }
  | { readonly kind: 'test' }
  | { readonly kind: 'unknown' };

export function readBatchLetter(body: string): BatchLetter {
  const value = parse(body);
  const notice = v.safeParse(Notice, value);
  if (notice.success) {
    const [record] = notice.output.Records;
    if (record === undefined) return { kind: 'unknown' };
    // As in the query of a URL: `+` is a space.
    const key = decodeURIComponent(record.s3.object.key.replaceAll('+', ' '));
    return { kind: 'object', bucket: record.s3.bucket.name, key };
  }
  if (v.is(TestNotice, value)) return { kind: 'test' };
  const batch = v.safeParse(FailedBatch, value);
  return batch.success ? { kind: 'batch', batch: batch.output } : { kind: 'unknown' };
}

/** An object in S3, or undefined for what is none of Lambda's. */
export function readFailedBatch(text: string): FailedBatch | undefined {
  const read = v.safeParse(FailedBatch, parse(text));
  return read.success ? read.output : undefined;
}

/** `notifications-worker` out of `arn:aws:lambda:eu-west-1:000000000000:function:notifications-worker:live`. */
export function functionNameOf({ requestContext }: FailedBatch): string {
  return requestContext.functionArn.split(':')[6] ?? '';
}

/** Why it was given up, and what it is. */
export function describeBatch(batch: FailedBatch): string {
  const { requestContext, responseContext, KinesisBatchInfo, DDBStreamBatchInfo } = batch;
  const info = KinesisBatchInfo ?? DDBStreamBatchInfo;
  const why = [requestContext.condition, responseContext?.functionError].filter(Boolean).join(', ');
  return info === undefined ? why : `${why}: ${info.batchSize} of ${info.shardId}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
