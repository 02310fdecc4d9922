import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { EVENT_SCHEMAS } from '../lambdas/contract/events/domain-event.ts';
import { WORK_NAMES } from '../lambdas/contract/work.ts';
import { createCallConsumer } from '../local/redrive/call-consumer.ts';
import { findArchive, findConsumer } from '../local/redrive/find-resources.ts';
import { usageError } from '../local/redrive/operator-error.ts';
import { type ArchivePosition, readArchive } from '../local/replay/archive.ts';
import { countEvents } from '../local/replay/count-events.ts';
import { replay } from '../local/replay/replay.ts';
import {
  clientOptions,
  createProgress,
  explain,
  INVOKE_TIMEOUT_MS,
  runCommand,
  surroundings,
  waitFor,
} from './operator-access.ts';
import {
  OPERATOR_USAGE,
  type OperatorOptions,
  parseArguments,
  readCount,
  readName,
  readNumber,
  readOperatorOptions,
  readTime,
} from './operator-arguments.ts';

const EVENT_TYPES = Object.keys(EVENT_SCHEMAS);
const RATE_DEFAULT = 100;
const BATCH_SIZE_DEFAULT = 100;
const BATCH_SIZE_MAX = 10_000;
const LATE_HOURS_DEFAULT = 1;
/** The archive is asked for each hour, which for a slip of the year, such as 0226, would take for ever. */
const RANGE_MAX_DAYS = 400;
const DAY_MS = 86_400_000;

const USAGE = `npm run replay -- --consumer NAME --from TIME --to TIME [--types A,B] [--max-rate RATE] [--dry-run] [--stage dev] [--endpoint URL]

Gives a consumer of events those of a time range once more, out of the archive, in their order; no other consumer hears of it.
It knows the events that it has seen by their ids, and those change nothing. Stops where it cannot go on, and says how to. In
AWS, uses the credentials and the Region of the AWS SDK (AWS_PROFILE, AWS_REGION).

  --consumer NAME   such as analytics
  --from TIME       events of this time or later, such as 2026-11-22T10:00:00Z
  --to TIME         events earlier than this
  --types A,B       only those of these types: ${EVENT_TYPES.join(', ')}
  --max-rate RATE   so many events a second at most, up to 10000 (default: ${RATE_DEFAULT})
  --batch-size N    so many events in one call at most, up to ${BATCH_SIZE_MAX} (default: ${BATCH_SIZE_DEFAULT})
  --late HOURS      look so much longer for events that came late into the archive (default: ${LATE_HOURS_DEFAULT})
  --resume PLACE    begin at this place of the archive, as an earlier run said
  --dry-run         count the events by type
${OPERATOR_USAGE}`;

export interface ReplayCommand extends OperatorOptions {
  readonly consumer: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly types?: ReadonlySet<string> | undefined;
  readonly maxRate: number;
  readonly batchSize: number;
  readonly lateMs: number;
  readonly resumeAt?: ArchivePosition | undefined;
  readonly dryRun: boolean;
}

/**
 * Options out of the command line; `undefined` where help is asked for.
 * @throws OperatorError with exit code 2
 */
export function parseReplayArguments(args: readonly string[]): ReplayCommand | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const consumer = readName('--consumer', values.consumer, 'the name of one, such as analytics');
  if ((WORK_NAMES as readonly string[]).includes(consumer)) {
    throw usageError(
      `--consumer must be one of events, got '${consumer}', which is a queue of work; npm run redrive sends back what it set aside`,
    );
  }
  const fromMs = readTime('--from', values.from);
  const toMs = readTime('--to', values.to);
  if (fromMs === undefined || toMs === undefined) throw usageError('--from and --to must both be given');
  if (fromMs >= toMs) throw usageError(`--from must be before --to, got '${values.from}' and '${values.to}'`);
  const days = Math.ceil((toMs - fromMs) / DAY_MS);
  if (days > RANGE_MAX_DAYS) {
    throw usageError(
      `--from and --to must be at most ${RANGE_MAX_DAYS} days apart, got ${days}; replay a part at a time`,
    );
  }
  const batchSize = readCount('--batch-size', values['batch-size']) ?? BATCH_SIZE_DEFAULT;
  if (batchSize > BATCH_SIZE_MAX)
    throw usageError(`--batch-size must be at most ${BATCH_SIZE_MAX}, got '${batchSize}'`);
  return {
    ...readOperatorOptions(values),
    consumer,
    fromMs,
    toMs,
    types: readTypes(values.types),
    maxRate: readNumber('--max-rate', values['max-rate'], 10_000) ?? RATE_DEFAULT,
    batchSize,
    lateMs: (readNumber('--late', values.late, 8_760) ?? LATE_HOURS_DEFAULT) * 3_600_000,
    resumeAt: readPlace(values.resume),
    dryRun: values['dry-run'],
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArguments(args, {
    ...{ consumer: text, from: text, to: text, types: text, late: text, resume: text },
    ...{ 'max-rate': text, 'batch-size': text },
    'dry-run': { type: 'boolean', default: false },
  });
}

function readTypes(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const types = text.split(',').map((type) => type.trim());
  const unknown = types.find((type) => !EVENT_TYPES.includes(type));
  if (unknown === undefined) return new Set(types);
  throw usageError(`--types must be some of ${EVENT_TYPES.join(', ')}, got '${unknown}'`);
}

/** `<key>:<line>` */
function readPlace(text: string | undefined): ArchivePosition | undefined {
  if (text === undefined) return undefined;
  const [, key, line] = /^(events\/.+):([1-9]\d*)$/.exec(text) ?? [];
  if (key !== undefined) return { key, line: Number(line) };
  throw usageError(`--resume must be a place as an earlier run said, such as events/2026/11/22/10/x:17, got '${text}'`);
}

/** @returns exit code: 1 where it stopped before it was done. @throws OperatorError */
export async function runReplay(
  command: ReplayCommand,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const s3 = new S3Client({ ...clientOptions(command), forcePathStyle: true });
  const lambda = new LambdaClient(clientOptions(command, INVOKE_TIMEOUT_MS));
  try {
    const at = surroundings(command);
    // Before anything is read: a wrong name shows at once.
    const functionName = await findConsumer(lambda, command.consumer, at);
    const events = readArchive(s3, await findArchive(s3, at), command);
    if (command.dryRun) return await count(command, events, say, signal);
    const tell = createProgress(say);
    const { done, resumeAt, error } = await replay({
      events,
      types: command.types,
      call: createCallConsumer(lambda, `${functionName}:live`),
      maxPerSecond: command.maxRate,
      batchSize: command.batchSize,
      region: await lambda.config.region(),
      nowMs: Date.now,
      wait: waitFor,
      signal,
      onProgress: (count) => tell(`replayed ${count} events …`),
    });
    say(`replayed ${done} events to ${functionName}`);
    if (resumeAt === undefined) return 0;
    say(error === undefined ? 'interrupted' : `stopped, as ${command.consumer} does not get any further: ${error}`);
    say(`to go on, run the same command with --resume '${resumeAt.key}:${resumeAt.line}'`);
    return 1;
  } catch (error) {
    throw explain(error, command);
  } finally {
    s3.destroy();
    lambda.destroy();
  }
}

async function count(
  { types, consumer }: ReplayCommand,
  events: ReturnType<typeof readArchive>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const tell = createProgress(say);
  const onProgress = (total: number) => tell(`counted ${total} events …`);
  const { total, byType, isInterrupted } = await countEvents({ events, types, signal, onProgress });
  for (const [type, each] of [...byType].sort()) say(`${String(each).padStart(9)}  ${type}`);
  say(
    isInterrupted
      ? 'interrupted: there may be more'
      : `would replay ${total} events to ${consumer}; nothing was changed`,
  );
  return isInterrupted ? 1 : 0;
}

if (import.meta.main) runCommand({ name: 'replay', usage: USAGE, parse: parseReplayArguments, run: runReplay });
