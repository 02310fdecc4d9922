import { randomUUID } from 'node:crypto';
import type { ObjectChange } from '../s3-context.ts';

/** Where and when an object changed. */
export interface EventPlace {
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: number;
  /** Grows with each change: tells the order of those of one key. */
  readonly sequence: number;
  readonly configurationId: string;
}

/** One entry of `Records` ("Event message structure", version 2.1); the key is encoded as in a form. */
export function objectEvent({ bucket, key, event, size, etag }: ObjectChange, place: EventPlace): unknown {
  const { region, accountId, nowMs, sequence, configurationId } = place;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(nowMs).toISOString(),
    eventName: event,
    userIdentity: { principalId: accountId },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': randomUUID(), 'x-amz-id-2': randomUUID() },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket, ownerIdentity: { principalId: accountId }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        ...(size !== undefined && { size, eTag: etag }),
        sequencer: nowMs.toString(16).padStart(12, '0').concat(sequence.toString(16).padStart(6, '0')).toUpperCase(),
      },
    },
  };
}
