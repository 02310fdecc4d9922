import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { FunctionRegistry } from './function-registry.ts';
import { lambdaService } from './lambda-service.ts';

/** Lambda's API: what functions call to invoke others. Running them is the business of local/twin/functions. */
export function startLambda(context: AwsContext): AwsRoom {
  const registry = new FunctionRegistry(context);
  return {
    service: lambdaService(context, registry),
    provision: (resources) => registry.provision(resources),
  };
}
