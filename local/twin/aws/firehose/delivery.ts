import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CallAws } from '../dispatcher.ts';
import type { Principal } from '../principal.ts';
import type { DeliverySpec } from './delivery-spec.ts';
import type { WaitingRecord } from './record-source.ts';

const compressed = promisify(gzip);
/** Of the configuration: the twin does not count its changes. */
const VERSION = 1;

/** Firehose in a role that it was given. */
export function firehoseAs(roleArn: string, sourceArn: string): Principal {
  return { kind: 'role', roleArn, sessionName: 'firehose', assumedBy: 'firehose.amazonaws.com', sourceArn };
}

/** Writes records into one object, as the stream's role. Rejects with AwsError where the bucket does not take it. */
export async function deliver(
  spec: DeliverySpec,
  records: readonly WaitingRecord[],
  callAws: CallAws,
  nowMs: number,
): Promise<void> {
  const delimiter = Buffer.from(spec.delimiter);
  const content = Buffer.concat(records.flatMap(({ data }) => [data, delimiter]));
  const oldestMs = records.reduce((oldest, { arrivalMs }) => Math.min(oldest, arrivalMs), Number.POSITIVE_INFINITY);
  const name = `${spec.name}-${VERSION}-${spec.suffixTime(nowMs)}-${randomUUID()}${spec.extension}`;
  const input = {
    Bucket: spec.bucket,
    Key: spec.prefix(oldestMs) + name,
    Body: spec.isCompressed ? await compressed(content) : content,
    ContentType: 'application/octet-stream',
    ...(spec.isCompressed && { ContentEncoding: 'gzip' }),
    ...spec.encryption,
  };
  await callAws('s3', 'PutObject', input, firehoseAs(spec.roleArn, spec.arn));
}
