import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';
import { withStageVariables } from './stage-variables.ts';

const INVOCATION_URI = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;

/** The function's ARN in `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<ARN>/invocations`; else undefined. */
export function invokedFunction(uri: string): string | undefined {
  return INVOCATION_URI.exec(uri)?.[1];
}

/** The function that a property names by its invocation URI. @throws GatewayTemplateError where it names none */
export function functionArnOf(
  properties: Properties,
  name: string,
  stageVariables: Readonly<Record<string, string>> | null,
): string {
  const uri = withStageVariables(properties, name, stageVariables);
  const arn = invokedFunction(uri);
  if (arn !== undefined) return arn;
  throw new GatewayTemplateError(
    properties.resource,
    `${name} must be the invocation URI of a Lambda function, got ${uri}`,
  );
}
