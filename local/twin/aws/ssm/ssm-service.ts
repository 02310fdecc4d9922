import type { AwsService } from '../aws-call.ts';
import { labelAndTagOperations } from './label-and-tag-operations.ts';
import { parameterOperations } from './parameter-operations.ts';
import type { ParameterStore } from './parameter-store.ts';
import { readOperations } from './read-operations.ts';

/** The Parameter Store of Systems Manager, API version 2014-11-06. Parameter policies are kept and not acted on. */
export function ssmService(store: ParameterStore, callerArn: (accessKeyId: string | undefined) => string): AwsService {
  return { ...parameterOperations(store, callerArn), ...readOperations(store), ...labelAndTagOperations(store) };
}
