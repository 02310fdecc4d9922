import type { Clock } from '../../adapters/clock.ts';
import type { ParkedRecord, ParkedTable } from '../../adapters/parking/parked-table.ts';
import { PARKED_FINISH_SECONDS } from '../../contract/parked.ts';
import { ULID_PATTERN } from '../../contract/ulid-pattern.ts';

export interface ReadParkedDependencies {
  readonly table: Pick<ParkedTable, 'find' | 'expire' | 'abandon'>;
  readonly clock: Clock;
}

/**
 * The record of a parked request as it stands now; undefined where there is none, or it is somebody else's, which looks the
 * same. A deadline that has passed without anybody noticing is recorded on the way: what is said here must stay true, and
 * a message that is delivered later finds it so.
 */
export async function readParked(
  { table, clock }: ReadParkedDependencies,
  { parkedId, sub }: { readonly parkedId: string; readonly sub: string },
): Promise<ParkedRecord | undefined> {
  if (!ULID_PATTERN.test(parkedId)) return undefined;
  const record = await table.find(parkedId);
  if (record?.sub !== sub) return undefined;
  const nowMs = clock.now();
  const { status, deadlineMs, leaseUntilMs = 0 } = record;
  const isOverdue = status === 'queued' && nowMs >= deadlineMs;
  const isLost = status === 'running' && nowMs >= leaseUntilMs && nowMs >= deadlineMs + PARKED_FINISH_SECONDS * 1_000;
  if (!isOverdue && !isLost) return record;
  if (isOverdue) await table.expire(parkedId, nowMs);
  else await table.abandon(parkedId, nowMs);
  // Whoever was first: the record says what holds.
  return table.find(parkedId);
}
