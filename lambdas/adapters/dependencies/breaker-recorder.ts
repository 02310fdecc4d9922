import type { AdmissionSpec } from '../../contract/admission-spec.ts';
import { BREAKER_RECORD_SCRIPT } from '../admission/lua/breaker-part.ts';
import { shardOf } from '../admission/shard-keys.ts';
import { createStoredScript } from '../valkey/stored-script.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';
import { breakerKey, recordPlan } from './breaker-plan.ts';
import type { BreakerReport } from './breaker-store.ts';

const record = createStoredScript(BREAKER_RECORD_SCRIPT);

/** Records what a caller's request found out about its dependencies, in the caller's shard. Sent, and not waited for. */
export type RecordCalls = (caller: string, reports: readonly BreakerReport[]) => void;

/** For requests, whose breakers admission has read; `createValkeyBreakerStore` is for what runs outside of them. */
export function createBreakerRecorder(
  store: Pick<ValkeyStore, 'send'>,
  { service, shards }: Pick<AdmissionSpec, 'service' | 'shards'>,
): RecordCalls {
  return (caller, reports) => {
    if (reports.length === 0) return;
    const shard = shardOf(caller, shards);
    const keys = reports.map(({ dependency }) => breakerKey(shard, service, dependency.name));
    store.send((commands) => record(commands, keys, recordWords(reports)));
  };
}

/** Arguments of the script that records calls. */
export function recordWords(reports: readonly BreakerReport[]): string[] {
  return [JSON.stringify(reports.flatMap(recordPlan)), ...reports.map(({ outcomes }) => outcomes.join(''))];
}
