import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { AwsError } from '../../aws/aws-error.ts';
import { OWNER, type Principal } from '../../aws/principal.ts';
import type { RecordStream, StreamedRecord } from '../../aws/record-stream.ts';
import { functionNameOf } from '../function-spec.ts';
import { checkBucketAccess, checkConsumerAccess, checkQueueAccess, checkStreamAccess } from './access-check.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { EventSourceOptions, SourceConsumer } from './event-source-options.ts';
import { failureDestination } from './failure-destination.ts';
import { refusal } from './mapping-properties.ts';
import type { MappingSpec } from './mapping-spec.ts';
import { QueueClient } from './queue-client.ts';
import { QueueConsumer } from './queue-consumer.ts';
import type { QueueMappingSpec } from './queue-mapping-spec.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { StreamMappingSpec } from './stream-mapping-spec.ts';
import { streamSource } from './stream-source.ts';

/** Defaults of AWS::SQS::Queue and AWS::Lambda::Function. */
const VISIBILITY_TIMEOUT_SECONDS = 30;
const FUNCTION_TIMEOUT_SECONDS = 3;

export interface MappingEnvironment {
  /** All of the assembly: a mapping's queue and function are among them. */
  readonly resources: readonly ResolvedResource[];
  readonly options: EventSourceOptions;
  readonly checkpoints: Checkpoints;
}

/**
 * Checks what CreateEventSourceMapping checks, and makes what runs the mapping once `start` is called.
 *
 * @throws TwinError that names the mapping.
 */
export function prepareMapping(spec: MappingSpec, environment: MappingEnvironment): () => SourceConsumer {
  const name = functionNameOf(spec.functionName);
  const roleArn = environment.options.roleOf?.(name);
  const principal: Principal = roleArn === undefined ? OWNER : { kind: 'role', roleArn, sessionName: name };
  const { source } = spec;
  return source.service === 'sqs'
    ? prepareQueue({ ...spec, source }, principal, environment)
    : prepareStream({ ...spec, source }, principal, roleArn, environment);
}

function prepareStream(
  spec: MappingSpec<StreamMappingSpec>,
  principal: Principal,
  roleArn: string | undefined,
  { options, checkpoints }: MappingEnvironment,
): () => SourceConsumer {
  const refuse = refusal(spec);
  const { sourceArn, functionName } = spec;
  const { service, onFailureArn } = spec.source;
  const stream =
    findStream(sourceArn, options) ?? refuse(`there is no stream ${sourceArn}; declare it in the templates`);
  const source = streamSource(service, { sourceArn, roleArn });
  // A consumer with enhanced fan-out reads its stream; the permissions are asked of the stream.
  checkStreamAccess(sourceArn.split('/consumer/')[0] ?? sourceArn, service, source, principal, options, refuse);
  checkConsumerAccess(sourceArn, principal, options, refuse);
  if (onFailureArn !== undefined) checkBucketAccess(onFailureArn, principal, options, refuse);
  const destination = { callAws: options.callAws, principal, mappingId: spec.id };
  const isArn = functionName.startsWith('arn:');
  return () =>
    new StreamConsumer(
      {
        spec,
        stream,
        source,
        functionArn: isArn
          ? functionName
          : `arn:aws:lambda:${options.region}:${options.accountId}:function:${functionName}`,
        checkpoints,
        sendFailure: onFailureArn === undefined ? undefined : failureDestination(onFailureArn, destination),
      },
      options,
    );
}

function findStream(arn: string, { streamOf }: EventSourceOptions): RecordStream<StreamedRecord> | undefined {
  try {
    return streamOf(arn);
  } catch (error) {
    if (error instanceof AwsError && error.type === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function prepareQueue(
  spec: MappingSpec<QueueMappingSpec>,
  principal: Principal,
  { resources, options }: MappingEnvironment,
): () => SourceConsumer {
  const refuse = refusal(spec);
  const { queueName } = spec.source;
  const named = (type: string, name: string): ResolvedResource | undefined =>
    resources.find((resource) => resource.type === type && resource.physicalId.split('/').at(-1) === name);
  const queue = named('AWS::SQS::Queue', queueName);
  if (!queue) return refuse(`there is no queue ${spec.sourceArn}; declare it in the templates`);
  const visibilitySeconds = Number(queue.properties.VisibilityTimeout ?? VISIBILITY_TIMEOUT_SECONDS);
  const target = named('AWS::Lambda::Function', functionNameOf(spec.functionName));
  const timeoutSeconds = Number(target?.properties.Timeout ?? FUNCTION_TIMEOUT_SECONDS);
  if (target && visibilitySeconds < timeoutSeconds) {
    refuse(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
  checkQueueAccess(spec.sourceArn, principal, options, refuse);
  const client = new QueueClient(options.callAws, principal, spec.sourceArn);
  return () => new QueueConsumer({ spec, queue: client, visibilityTimeoutMs: visibilitySeconds * 1_000 }, options);
}
