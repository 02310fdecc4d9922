import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';

/** A template that the gateway cannot serve, in a sentence that names the resource. Thrown at start, never later. */
export class GatewayTemplateError extends TwinError {
  constructor(resource: ResolvedResource, sentence: string, cause?: unknown) {
    super('unsupported-gateway', `${resource.type} ${resource.logicalId}: ${sentence}`, { cause });
    this.name = 'GatewayTemplateError';
  }
}
