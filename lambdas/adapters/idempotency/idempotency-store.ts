import { randomUUID } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { ServiceLogger } from '../logger.ts';
import type { TransactionItem } from '../outbox.ts';
import { ClaimedRecords } from './claimed-records.ts';

const KeptReply = v.object({
  statusCode: v.number(),
  headers: v.record(v.string(), v.string()),
  /** As it was sent. */
  body: v.string(),
});
/** An answer as it is kept, and given again. */
export type KeptReply = v.InferOutput<typeof KeptReply>;

/** What is done once. */
export interface OnceRequest {
  /** Names the work; two requests of one id are one. */
  readonly id: string;
  /** Digest of what was asked for: the same id with another one is a mistake of the caller. */
  readonly payloadHash: string;
  /** For how long the answer is kept, in seconds. */
  readonly keepForSeconds: number;
  /** What is left of the function's time, in ms: for so long nobody else begins. */
  remainingMs(): number;
}

/** What a run leaves behind. */
export interface RunResult {
  readonly reply: KeptReply;
  /** `keep`: for those who ask again. `forget`: they run it again. `kept`: the run's own transaction has kept it. */
  readonly next: 'keep' | 'forget' | 'kept';
}

/** What a run may put into its own transaction, so that its effect and the record are written both or neither. */
export type Completion = (reply: KeptReply) => TransactionItem;

export type OnceOutcome =
  /** `run` was called. */
  | { readonly kind: 'first'; readonly reply: KeptReply }
  | { readonly kind: 'replayed'; readonly reply: KeptReply }
  /** Somebody else is at it. */
  | { readonly kind: 'running' }
  /** It was begun or done with another payload. */
  | { readonly kind: 'mismatch' }
  /** Nobody can say; `run` was not called. */
  | { readonly kind: 'unavailable'; readonly error: unknown };

export interface IdempotencyStore {
  /** Runs what was not run yet. Rejects with what `run` rejects with; it may then be run again. */
  once(request: OnceRequest, run: (completion: Completion) => Promise<RunResult>): Promise<OnceOutcome>;
}

/** Idempotency by Powertools, on a table with its attributes. */
export function createIdempotencyStore(
  client: DynamoDBDocumentClient,
  tableName: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: ServiceLogger },
): IdempotencyStore {
  return {
    async once({ id, payloadHash, keepForSeconds, remainingMs }, run) {
      const records = new ClaimedRecords({ client, tableName, id, claim: randomUUID(), clock, logger });
      let settled: { readonly result: RunResult } | { readonly error: unknown } | undefined;
      const work = async (_payload: Payload): Promise<KeptReply> => {
        try {
          const result = await run((reply) => records.completion(reply));
          settled = { result };
          records.isCompleted = result.next === 'kept';
          if (result.next !== 'forget') return result.reply;
        } catch (error) {
          settled = { error };
        }
        // What Powertools deletes a record by.
        throw new Error('not to be kept');
      };
      const payload: Payload = { id, payloadHash };
      let replay: unknown;
      try {
        replay = await makeIdempotent(work, {
          persistenceStore: records,
          config: new IdempotencyConfig({
            eventKeyJmesPath: 'id',
            payloadValidationJmesPath: 'payloadHash',
            hashFunction: 'sha256',
            expiresAfterSeconds: keepForSeconds,
            // Nothing else of it is read. Without time there would be no end, and nobody could ever begin again.
            lambdaContext: { getRemainingTimeInMillis: () => Math.max(1, remainingMs()) } as LambdaContext,
          }),
        })(payload);
      } catch (error) {
        if (settled === undefined) return refusalOf(error);
      }
      // Read through a function: the compiler does not see that `work` has set it.
      const ran = ((): typeof settled => settled)();
      if (ran === undefined) return { kind: 'replayed', reply: v.parse(KeptReply, replay) };
      if ('error' in ran) throw ran.error;
      return { kind: 'first', reply: ran.result.reply };
    },
  };
}

type LambdaContext = NonNullable<ConstructorParameters<typeof IdempotencyConfig>[0]['lambdaContext']>;

type Payload = { readonly id: string; readonly payloadHash: string };

function refusalOf(error: unknown): OnceOutcome {
  // By name, as Powertools does: a bundle may hold its errors twice.
  switch ((error as Error).name) {
    case 'IdempotencyAlreadyInProgressError':
      return { kind: 'running' };
    case 'IdempotencyValidationError':
      return { kind: 'mismatch' };
    default:
      return { kind: 'unavailable', error };
  }
}
