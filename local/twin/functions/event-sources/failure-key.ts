import { randomUUID } from 'node:crypto';

export interface FailurePlace {
  readonly mappingId: string;
  readonly shardId: string;
  readonly nowMs: number;
}

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>` ("Retain discarded records"), in UTC. */
export function failureKey({ mappingId, shardId, nowMs }: FailurePlace): string {
  const at = new Date(nowMs).toISOString();
  const day = at.slice(0, 10).replaceAll('-', '/');
  const second = at.slice(0, 19).replaceAll(':', '.');
  return `aws/lambda/${mappingId}/${shardId}/${day}/${second}-${randomUUID()}`;
}
