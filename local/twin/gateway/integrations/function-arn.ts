import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';

const INVOCATION_URI = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;

/** The function's ARN in `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
export function functionArnOf(
  properties: Properties,
  name: string,
  stageVariables: Readonly<Record<string, string>> | null,
): string {
  const uri = properties.text(name).replace(/\$\{stageVariables\.(\w+)\}/g, (_, key: string) => {
    const value = stageVariables && Object.hasOwn(stageVariables, key) ? stageVariables[key] : undefined;
    if (value !== undefined) return value;
    throw new GatewayTemplateError(
      properties.resource,
      `${name} names the stage variable ${key}, which the stage does not have`,
    );
  });
  const arn = INVOCATION_URI.exec(uri)?.[1];
  if (arn !== undefined) return arn;
  throw new GatewayTemplateError(
    properties.resource,
    `${name} must be the invocation URI of a Lambda function, got ${uri}`,
  );
}
