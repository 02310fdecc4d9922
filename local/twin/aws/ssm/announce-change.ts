import type { AwsContext } from '../aws-room.ts';
import type { Parameter } from './parameter.ts';
import type { ParameterChange } from './parameter-store.ts';

/**
 * Puts the event "Parameter Store Change" on the default bus (Systems Manager user guide, "Reference: Amazon EventBridge
 * event patterns and types for Systems Manager"). The value is not in it.
 */
export function announceChange(
  operation: ParameterChange,
  { name, arn, type, versions }: Parameter,
  { callAws, log }: Pick<AwsContext, 'callAws' | 'log'>,
): void {
  const description = versions.at(-1)?.description;
  const entry = {
    Source: 'aws.ssm',
    DetailType: 'Parameter Store Change',
    Resources: [arn],
    Detail: JSON.stringify({ operation, name, type, ...(description !== undefined && { description }) }),
  };
  callAws('events', 'PutEvents', { Entries: [entry] }).catch((error: Error) =>
    log(`the change of the parameter ${name} reached no event bus: ${error.message}`),
  );
}
