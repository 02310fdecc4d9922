import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { MatchesEvent } from '../../event-patterns/event-pattern.ts';
import { functionNameOf } from '../function-spec.ts';
import { compileFilterCriteria } from './filter-criteria.ts';
import { type MappingProperties, refusal } from './mapping-properties.ts';
import { type QueueMappingSpec, queueMappingSpec } from './queue-mapping-spec.ts';
import { type StreamMappingSpec, streamMappingSpec } from './stream-mapping-spec.ts';

/** What mappings of every source have. */
export interface MappingIdentity {
  /** UUID of the mapping. */
  readonly id: string;
  readonly logicalId: string;
  readonly stackName: string;
  readonly sourceArn: string;
  /** As the template has it: a name or an ARN, with an alias or without. */
  readonly functionName: string;
  readonly reportsItemFailures: boolean;
  /** Which records pass; `undefined`: all. */
  readonly filter: MatchesEvent | undefined;
}

/** An `AWS::Lambda::EventSourceMapping` that is switched on. */
export interface MappingSpec<S = StreamMappingSpec | QueueMappingSpec> extends MappingIdentity {
  readonly source: S;
}

/**
 * Reads an event source mapping; `undefined` where it is switched off.
 *
 * @throws TwinError where AWS would refuse it, or the source is one that the twin does not know.
 */
export function mappingSpec(resource: ResolvedResource): MappingSpec | undefined {
  const properties = resource.properties as MappingProperties;
  const refuse = refusal(resource);
  const { EventSourceArn: sourceArn = '', FunctionName: functionName = '', Enabled } = properties;
  const service = /^arn:[^:]+:(kinesis|dynamodb|sqs):/.exec(sourceArn)?.[1];
  if (service !== 'kinesis' && service !== 'dynamodb' && service !== 'sqs') {
    const got = sourceArn || 'no EventSourceArn';
    return refuse(`the twin reads SQS queues and streams of Kinesis and DynamoDB, got ${got}`);
  }
  if (functionNameOf(functionName) === '') return refuse(`FunctionName must name a function, got '${functionName}'`);
  const responseTypes = properties.FunctionResponseTypes ?? [];
  const unknownType = responseTypes.find((type) => type !== 'ReportBatchItemFailures');
  if (unknownType !== undefined) {
    return refuse(`FunctionResponseTypes may hold ReportBatchItemFailures, got ${unknownType}`);
  }
  const source =
    service === 'sqs'
      ? queueMappingSpec(sourceArn, properties, refuse)
      : streamMappingSpec(service, properties, refuse);
  const filter = compileFilterCriteria(properties.FilterCriteria, refuse);
  if (Enabled === false || Enabled === 'false') return undefined;
  return {
    id: resource.physicalId,
    logicalId: resource.logicalId,
    stackName: resource.stackName,
    sourceArn,
    functionName,
    reportsItemFailures: responseTypes.length > 0,
    filter,
    source,
  };
}
