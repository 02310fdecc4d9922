import { parameterSource } from '../answer/parameter-source.ts';
import type { Exchange } from '../exchange.ts';
import type { Properties } from '../template/properties.ts';
import type { EndpointResponse } from './endpoint.ts';
import { bodySource } from './request-parameters.ts';

type Source = (exchange: Exchange, response: EndpointResponse) => string | undefined;

/** One entry of an integration response's ResponseParameters: a header of the answer. */
export interface ResponseParameter {
  readonly name: string;
  readonly read: Source;
}

const HEADER_PREFIX = 'method.response.header.';

/** Compiles ResponseParameters (developer guide, "Parameter mapping reference"). */
export function responseParameters(properties: Properties): readonly ResponseParameter[] {
  return [...properties.textMap('ResponseParameters')].map(([key, expression]) => {
    const read = responseSource(expression);
    if (!key.startsWith(HEADER_PREFIX) || read === undefined) {
      return properties.fail(
        'ResponseParameters',
        "method.response.header names with 'literals', integration.response values, context or stageVariables",
      );
    }
    return { name: key.slice(HEADER_PREFIX.length), read };
  });
}

function responseSource(expression: string): Source | undefined {
  const [, header] = /^integration\.response\.(?:multivalue)?header\.(.+)$/.exec(expression) ?? [];
  if (header !== undefined) {
    const lower = header.toLowerCase();
    return (_, { headers }) => headers.get(lower);
  }
  const [body, path] = /^integration\.response\.body(?:\.(.+))?$/.exec(expression) ?? [];
  if (body !== undefined) return (_, response) => bodySource(response.body.toString(), path);
  return parameterSource(expression);
}
