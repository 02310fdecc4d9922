import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';

/** A property with every `${stageVariables.x}` in it filled in. Fails where the stage has no such variable. */
export function withStageVariables(
  properties: Properties,
  name: string,
  stageVariables: Readonly<Record<string, string>> | null,
): string {
  return properties.text(name).replace(/\$\{stageVariables\.(\w+)\}/g, (_, key: string) => {
    const value = stageVariables && Object.hasOwn(stageVariables, key) ? stageVariables[key] : undefined;
    if (value !== undefined) return value;
    throw new GatewayTemplateError(
      properties.resource,
      `${name} names the stage variable ${key}, which the stage does not have`,
    );
  });
}
