import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import type { AwsCall, AwsService } from '../../local/twin/aws/aws-call.ts';
import { AwsError } from '../../local/twin/aws/aws-error.ts';
import { createCallAws, createDispatch } from '../../local/twin/aws/dispatcher.ts';
import type { Principal } from '../../local/twin/aws/principal.ts';
import { startSqs } from '../../local/twin/aws/sqs/sqs-room.ts';
import type { EventSourceOptions } from '../../local/twin/functions/event-sources/event-source-options.ts';
import { startEventSources } from '../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../local/twin/functions/invoke.ts';
import { ManualTimers } from './manual-timers.ts';
import { resource } from './running-aws.ts';

const region = 'eu-west-1';
const accountId = '111122223333';

export interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
}
/** Answers an invocation, given the body of each message and the whole event. */
export type QueueHandler = (bodies: string[], event: QueueEvent) => InvokeOutcome | Promise<InvokeOutcome>;

/** The twin's own SQS with a queue and its dead letters, and mappings on it, on timers that tests move. */
export async function queueMapping(queueProperties: Record<string, unknown> = {}) {
  const timers = new ManualTimers();
  const nowMs = () => timers.clock.now();
  const sqs = startSqs({ region, accountId, nowMs, database: undefined }, timers.setTimer);
  const calls: { readonly principal: Principal; readonly call: AwsCall }[] = [];
  const denied = new Set<string>();
  const services: Record<string, AwsService> = { sqs: sqs.service };
  const dispatch = createDispatch(services, (principal, call) => {
    calls.push({ principal, call });
    if (denied.has(call.operation))
      throw new AwsError('AccessDenied', `not authorized to perform: sqs:${call.operation}`);
  });
  const callAws = createCallAws(dispatch, () => 'http://127.0.0.1');
  const isFifo = queueProperties.FifoQueue === true;
  const name = isFifo ? 'work.fifo' : 'work';
  const url = (queue: string) => `https://sqs.${region}.amazonaws.com/${accountId}/${queue}`;
  const queues: ResolvedResource[] = [
    resource('AWS::SQS::Queue', url(name), queueProperties),
    resource('AWS::SQS::Queue', url(isFifo ? 'dead.fifo' : 'dead'), { ...(isFifo && { FifoQueue: true }) }),
  ];
  await sqs.provision(queues);
  const log: string[] = [];
  const start = (
    properties: Record<string, unknown>,
    handler: QueueHandler,
    options: Partial<EventSourceOptions> & { readonly functionTimeoutSeconds?: number } = {},
  ) => {
    const worker = resource('AWS::Lambda::Function', 'worker', { Timeout: options.functionTimeoutSeconds ?? 3 });
    const mapping = resource('AWS::Lambda::EventSourceMapping', 'Mapping', {
      EventSourceArn: `arn:aws:sqs:${region}:${accountId}:${name}`,
      FunctionName: 'worker',
      ...properties,
    });
    return startEventSources([...queues, worker, mapping], {
      region,
      accountId,
      nowMs,
      setTimer: timers.setTimer,
      log: (line) => log.push(line),
      streamOf: () => undefined,
      roleOf: () => 'arn:aws:iam::111122223333:role/worker',
      callAws,
      invoke: async (_name, payload) => {
        const event = payload as QueueEvent;
        return handler(
          event.Records.map(({ body }) => body),
          event,
        );
      },
      ...options,
    });
  };
  const send = async (body: string, members: Record<string, unknown> = {}) => {
    const { MessageId } = await callAws('sqs', 'SendMessage', { QueueUrl: url(name), MessageBody: body, ...members });
    return String(MessageId);
  };
  const count = async (queue = name) => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes } = await callAws('sqs', 'GetQueueAttributes', { QueueUrl: url(queue), AttributeNames });
    const [visible = 0, inFlight = 0] = AttributeNames.map((each) => {
      return Number((Attributes as Record<string, string>)[each]);
    });
    return { visible, inFlight };
  };
  return { timers, start, send, count, calls, denied, log };
}
