import { mediaType } from '../request/media-types.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';
import { parseVelocity, type VelocityTemplate } from './velocity-template.ts';

/** Parses the mapping templates of a property, by media type and in the template's order. */
export function compileTemplates(properties: Properties, name: string): ReadonlyMap<string, VelocityTemplate> {
  const templates = new Map<string, VelocityTemplate>();
  for (const [type, text] of properties.textMap(name)) {
    try {
      templates.set(mediaType(type) ?? type, parseVelocity(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new GatewayTemplateError(
        properties.resource,
        `${name} for ${type} is no Velocity template: ${reason}`,
        error,
      );
    }
  }
  return templates;
}
