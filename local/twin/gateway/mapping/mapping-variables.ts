import { contextObject } from '../answer/context-variables.ts';
import type { Exchange } from '../exchange.ts';
import { inputVariable } from './input-variable.ts';
import { UTIL } from './util-variable.ts';
import type { VelocityTemplate } from './velocity-template.ts';

/** Parameters that a template sets by `#set($context.requestOverride.header.x = …)`. */
export interface RequestOverride {
  readonly header: Record<string, unknown>;
  readonly path: Record<string, unknown>;
  readonly querystring: Record<string, unknown>;
}

/** `#set($context.responseOverride.status = 404)`, and headers. */
export interface ResponseOverride {
  readonly header: Record<string, unknown>;
  status?: unknown;
}

export interface Rendered {
  readonly body: string;
  readonly requestOverride: RequestOverride;
  readonly responseOverride: ResponseOverride;
}

/** Fills a mapping template in. Throws what the template threw. */
export function renderMapping(template: VelocityTemplate, exchange: Exchange, payload: string): Rendered {
  const requestOverride: RequestOverride = { header: {}, path: {}, querystring: {} };
  const responseOverride: ResponseOverride = { header: {} };
  const body = template.render({
    input: inputVariable(exchange, payload),
    util: UTIL,
    stageVariables: exchange.api.stageVariables ?? {},
    context: template.usesContext ? { ...contextObject(exchange), requestOverride, responseOverride } : {},
  });
  return { body, requestOverride, responseOverride };
}
