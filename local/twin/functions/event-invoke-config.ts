import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { functionNameOf } from './function-spec.ts';
import { LATEST } from './function-versions.ts';

/** An `AWS::Lambda::EventInvokeConfig`, with AWS's defaults for what it leaves out. */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  readonly onSuccessArn?: string | undefined;
  readonly onFailureArn?: string | undefined;
}

const DEFAULT_EVENT_INVOKE_CONFIG: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAgeMs: 21_600_000,
};

interface Properties {
  readonly FunctionName?: string;
  readonly Qualifier?: string;
  readonly MaximumRetryAttempts?: number | string;
  readonly MaximumEventAgeInSeconds?: number | string;
  readonly DestinationConfig?: {
    readonly OnSuccess?: { readonly Destination?: string };
    readonly OnFailure?: { readonly Destination?: string };
  };
}

/** How events for a function, invoked with a qualifier or without, are retried and reported. */
export type EventInvokeConfigOf = (functionName: string, qualifier: string | undefined) => EventInvokeConfig;

/** How each function wants asynchronous invocations retried, by the resources of the templates. */
export function eventInvokeConfigs(resources: readonly ResolvedResource[]): EventInvokeConfigOf {
  const configs = new Map<string, EventInvokeConfig>();
  for (const { type, properties } of resources) {
    if (type !== 'AWS::Lambda::EventInvokeConfig') continue;
    const { FunctionName = '', Qualifier = LATEST, ...rest } = properties as Properties;
    configs.set(`${functionNameOf(FunctionName)}:${Qualifier}`, {
      maximumRetryAttempts: Number(rest.MaximumRetryAttempts ?? DEFAULT_EVENT_INVOKE_CONFIG.maximumRetryAttempts),
      maximumEventAgeMs: Number(rest.MaximumEventAgeInSeconds ?? 21_600) * 1_000,
      onSuccessArn: rest.DestinationConfig?.OnSuccess?.Destination,
      onFailureArn: rest.DestinationConfig?.OnFailure?.Destination,
    });
  }
  return (functionName, qualifier = LATEST) =>
    configs.get(`${functionName}:${qualifier}`) ?? DEFAULT_EVENT_INVOKE_CONFIG;
}
