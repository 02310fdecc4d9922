import { parameterSource } from '../answer/parameter-source.ts';
import type { Exchange } from '../exchange.ts';
import type { Properties } from '../template/properties.ts';
import { readJsonPath } from './json-path.ts';

type Place = 'header' | 'querystring' | 'path';
type Source = (exchange: Exchange) => string | undefined;

/** One entry of an integration's RequestParameters. */
export interface RequestParameter {
  readonly place: Place;
  readonly name: string;
  readonly read: Source;
}

/** Compiles RequestParameters (developer guide, "Parameter mapping reference"). */
export function requestParameters(properties: Properties): readonly RequestParameter[] {
  return [...properties.textMap('RequestParameters')].map(([key, expression]) => {
    const [, place, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(key) ?? [];
    const read = requestSource(expression);
    if (place === undefined || name === undefined || read === undefined) {
      return properties.fail(
        'RequestParameters',
        "integration.request names with 'literals', method.request values, context or stageVariables",
      );
    }
    return { place: place as Place, name, read };
  });
}

function requestSource(expression: string): Source | undefined {
  const [, kind, name] = /^method\.request\.multivalue(header|querystring)\.(.+)$/.exec(expression) ?? [];
  if (name !== undefined) {
    const lower = name.toLowerCase();
    return ({ request }) =>
      kind === 'querystring'
        ? request.query?.multi[name]?.join(',')
        : Object.entries(request.headers.multi)
            .find(([header]) => header.toLowerCase() === lower)?.[1]
            .join(',');
  }
  const [body, path] = /^method\.request\.body(?:\.(.+))?$/.exec(expression) ?? [];
  if (body === undefined) return parameterSource(expression);
  return (exchange) => bodySource(exchange.body.toString(), path);
}

/** A body, or what a JSONPath finds in it: a text as it is, anything else as JSON. */
export function bodySource(body: string, path: string | undefined): string | undefined {
  if (path === undefined) return body;
  try {
    const value = readJsonPath(JSON.parse(body), path);
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
