import type { AwsCall } from './aws/aws-call.ts';
import type { InvokeOutcome } from './functions/invoke.ts';

/**
 * Where whoever looks for faults may step in: between what runs as it would in AWS, so that a function can die before its
 * effect, after it, or before anybody learns of it, and so that what happens once can happen twice.
 */
export interface TwinFaults {
  /** Stands for a call of a function to an AWS service, which `run` makes, each time anew. Rejects with what the function is to get. */
  readonly aroundCall?: AroundCall;
  /** Stands for a delivery of an event source, which `deliver` makes, each time anew. Answers what the event source is to hear. */
  readonly aroundDelivery?: AroundDelivery;
}

export type AroundCall = (functionName: string, call: AwsCall, run: () => Promise<unknown>) => Promise<unknown>;

export type AroundDelivery = (functionName: string, deliver: () => Promise<InvokeOutcome>) => Promise<InvokeOutcome>;
