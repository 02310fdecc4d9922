import { randomUUID } from 'node:crypto';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WORK_NAMES } from '../lambdas/contract/work.ts';
import { createCallConsumer } from '../local/redrive/call-consumer.ts';
import { FailedBatches } from '../local/redrive/failed-batches.ts';
import { FAILURE_BOUNDS_DEFAULT } from '../local/redrive/failure-guard.ts';
import { findFailedBatchQueues, findWorkQueue, isFunctionOf } from '../local/redrive/find-resources.ts';
import { createLetterQueue, type LetterQueue } from '../local/redrive/letter-queue.ts';
import { describeLetter, listLetters, summarize } from '../local/redrive/list-letters.ts';
import { OperatorError, usageError } from '../local/redrive/operator-error.ts';
import { type RedriveResult, redrive } from '../local/redrive/redrive.ts';
import { type RedriveTarget, sourceQueue } from '../local/redrive/redrive-target.ts';
import { type Select, type Selection, selectLetters } from '../local/redrive/select-letters.ts';
import { createReadStreamRange } from '../local/redrive/stream-range.ts';
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

const USAGE = `npm run redrive -- --queue NAME [--inspect N | --max-rate RATE [--dry-run]] [filters] [--stage dev] [--endpoint URL]

Dead letters of a queue of work (${WORK_NAMES.join(', ')}), or batches of events that a consumer has given up, such as notifications.
Lists them: how many, the oldest, and by error. With --max-rate sends them back to be done, at most so many a second, until
none is left; stops by itself when they fail again. A letter is sent before it is deleted: whenever this is ended, none is
lost, and the same command goes on. In AWS, uses the credentials and the Region of the AWS SDK (AWS_PROFILE, AWS_REGION).

  --queue NAME      queue of work, or consumer of events
  --inspect N       show all that is known of the N oldest
  --max-rate RATE   redrive so many a second, up to 1000; fractions are slower than one a second
  --dry-run         say what would be redriven
  --error TEXT      only those whose error contains the text, or matches an /expression/ (/…/i: in any case)
  --before TIME     only those set aside before this time, such as 2026-11-22T10:00:00Z
  --after TIME      only those set aside at this time or later
  --max N           redrive N at most
  --stop-ratio R    stop when this share of what was sent has come back, and at least ${FAILURE_BOUNDS_DEFAULT.minReturned} (default: ${FAILURE_BOUNDS_DEFAULT.ratio})
  --watch SECONDS   look so long for what comes back after the last one (default: 30)
${OPERATOR_USAGE}`;

const WATCH_SECONDS_DEFAULT = 30;

export interface RedriveCommand extends OperatorOptions, Selection {
  readonly queue: string;
  readonly inspect?: number | undefined;
  readonly maxRate?: number | undefined;
  readonly dryRun: boolean;
  readonly max?: number | undefined;
  readonly stopRatio: number;
  readonly watchSeconds: number;
}

/**
 * Options out of the command line; `undefined` where help is asked for.
 * @throws OperatorError with exit code 2
 */
export function parseRedriveArguments(args: readonly string[]): RedriveCommand | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const expected = `one of ${WORK_NAMES.join(', ')}, or a consumer such as notifications`;
  const command = {
    ...readOperatorOptions(values),
    queue: readName('--queue', values.queue, expected),
    error: values.error,
    beforeMs: readTime('--before', values.before),
    afterMs: readTime('--after', values.after),
    inspect: readCount('--inspect', values.inspect),
    maxRate: readNumber('--max-rate', values['max-rate'], 1_000),
    dryRun: values['dry-run'],
    max: readCount('--max', values.max),
    stopRatio: readNumber('--stop-ratio', values['stop-ratio'], 1) ?? FAILURE_BOUNDS_DEFAULT.ratio,
    watchSeconds: values.watch === '0' ? 0 : (readNumber('--watch', values.watch, 3_600) ?? WATCH_SECONDS_DEFAULT),
  };
  if (command.inspect !== undefined && command.maxRate !== undefined) {
    throw usageError('--inspect shows, and --max-rate redrives; leave one out');
  }
  selectLetters(command);
  return command;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArguments(args, {
    ...{ queue: text, inspect: text, 'max-rate': text, error: text, before: text, after: text },
    ...{ max: text, 'stop-ratio': text, watch: text },
    'dry-run': { type: 'boolean', default: false },
  });
}

/** Where the letters are, and where they go. */
interface Redrivable {
  readonly queue: LetterQueue;
  readonly target: RedriveTarget;
  readonly select: Select;
}

/** Lists, shows or redrives. @returns exit code: 1 where a redrive stopped before it was done. @throws OperatorError */
export async function runRedrive(
  command: RedriveCommand,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const sqs = new SQSClient({ ...clientOptions(command, 10_000), useQueueUrlAsEndpoint: false });
  const s3 = new S3Client({ ...clientOptions(command), forcePathStyle: true });
  const lambda = new LambdaClient(clientOptions(command, INVOKE_TIMEOUT_MS));
  const kinesis = new KinesisClient(clientOptions(command));
  try {
    const exitCodes: number[] = [];
    for (const each of await findLetters(command, { sqs, s3, lambda, kinesis }, signal)) {
      exitCodes.push(await handle(command, each, say, signal));
    }
    return Math.max(...exitCodes);
  } catch (error) {
    throw explain(error, command);
  } finally {
    for (const client of [sqs, s3, lambda, kinesis]) client.destroy();
  }
}

interface Clients {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly kinesis: KinesisClient;
}

async function findLetters(command: RedriveCommand, clients: Clients, signal: AbortSignal): Promise<Redrivable[]> {
  const { sqs, s3, lambda, kinesis } = clients;
  const selected = selectLetters(command);
  const at = surroundings(command);
  if ((WORK_NAMES as readonly string[]).includes(command.queue)) {
    const { source, deadLetters } = await findWorkQueue(sqs, command.queue, at);
    const queue = createLetterQueue(sqs, deadLetters, Date.now);
    return [{ queue, target: sourceQueue(sqs, source), select: selected }];
  }
  return (await findFailedBatchQueues(sqs, command.queue, at)).map((url) => {
    const batches = new FailedBatches({
      queue: createLetterQueue(sqs, url, Date.now),
      s3,
      readRange: createReadStreamRange(kinesis),
      callerOf: (functionArn) => createCallConsumer(lambda, functionArn),
      isOurs: isFunctionOf(command.queue, command.stage),
      wait: waitFor,
      signal,
    });
    return { queue: batches, target: batches, select: (letter) => batches.select(letter) && selected(letter) };
  });
}

async function handle(
  command: RedriveCommand,
  { queue, target, select }: Redrivable,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const { maxRate, inspect, dryRun, max } = command;
  if (maxRate === undefined || dryRun) {
    const tell = createProgress(say);
    const onProgress = (looked: number) => tell(`looked at ${looked} …`);
    const list = await listLetters({ queue, select, nowMs: Date.now, signal, onProgress });
    const shown = list.letters.slice(0, inspect ?? 0);
    for (const line of inspect === undefined ? summarize(list, Date.now()) : shown.flatMap(describeLetter)) say(line);
    if (dryRun)
      say(`would redrive ${Math.min(list.letters.length, max ?? Number.POSITIVE_INFINITY)}; nothing was changed`);
    return 0;
  }
  const runId = randomUUID();
  const tell = createProgress(say);
  const result = await redrive({
    queue,
    target,
    select,
    maxPerSecond: maxRate,
    max,
    bounds: { ...FAILURE_BOUNDS_DEFAULT, ratio: command.stopRatio },
    watchSeconds: command.watchSeconds,
    runId,
    nowMs: Date.now,
    wait: waitFor,
    signal,
    onProgress: ({ sent, returned }) => tell(`sent ${sent}, of which ${returned} came back …`),
  });
  return report(result, runId, say);
}

function report(result: RedriveResult, runId: string, say: (line: string) => void): number {
  const { sent, returned, skipped, undeleted, ended, error } = result;
  say(`run ${runId}: sent ${sent}, of which ${returned} came back; left ${skipped} that were not meant`);
  if (undeleted > 0) say(`${undeleted} were sent and could not be deleted; sent again they change nothing`);
  switch (ended) {
    case 'done':
    case 'max':
      return 0;
    case 'aborted':
      say('interrupted: nothing is lost, and the same command goes on');
      return 1;
    case 'failing':
      say('stopped, as what was sent fails again: mend its cause, then run the same command');
      return 1;
    case 'failed':
      throw error instanceof Error ? error : new OperatorError(String(error));
  }
}

if (import.meta.main) runCommand({ name: 'redrive', usage: USAGE, parse: parseRedriveArguments, run: runRedrive });
