import { Checkpoints } from '../../local/twin/functions/event-sources/checkpoints.ts';
import { startEventSources } from '../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../local/twin/functions/invoke.ts';
import { ManualTimers } from './manual-timers.ts';
import { MemoryRecordStream } from './memory-record-stream.ts';
import { resource } from './running-aws.ts';

export interface StreamEvent {
  readonly Records: readonly { readonly eventID: string; readonly kinesis: { readonly data: string } }[];
  readonly [member: string]: unknown;
}
/** Answers an invocation, given the text of each record and the whole event. */
export type StreamHandler = (texts: string[], event: StreamEvent) => InvokeOutcome | Promise<InvokeOutcome>;

export const died: InvokeOutcome = {
  ok: false,
  kind: 'failed',
  errorType: 'Runtime.ExitError',
  errorMessage: 'killed',
};
export const done: InvokeOutcome = { ok: true, payload: null };
export const deadArn = 'arn:aws:sqs:eu-west-1:111122223333:dead';

/** A stream and mappings on it, on timers that tests move. `failures`: what reached the failure destination. */
export function streamMapping(shardIds: readonly string[] = ['shard-0']) {
  const timers = new ManualTimers();
  const stream = new MemoryRecordStream(() => timers.clock.now(), shardIds);
  const failures: { readonly startSequenceNumber: string; readonly endSequenceNumber: string }[] = [];
  const start = (properties: Record<string, unknown>, handler: StreamHandler, checkpoints = new Checkpoints()) => {
    const mapping = resource('AWS::Lambda::EventSourceMapping', 'Mapping', {
      EventSourceArn: stream.arn,
      FunctionName: 'worker',
      StartingPosition: 'TRIM_HORIZON',
      ...properties,
    });
    return startEventSources([mapping], {
      region: 'eu-west-1',
      accountId: '111122223333',
      nowMs: () => timers.clock.now(),
      setTimer: timers.setTimer,
      log: () => {},
      streamOf: () => stream,
      checkpoints,
      callAws: async (_service, operation, input) => {
        if (operation === 'SendMessage') failures.push(JSON.parse(String(input.MessageBody)).KinesisBatchInfo);
        return {};
      },
      invoke: async (_name, payload) => {
        const event = payload as StreamEvent;
        return handler(
          event.Records.map(({ kinesis }) => atob(kinesis.data)),
          event,
        );
      },
    });
  };
  return { timers, stream, start, failures };
}
