import type { Properties } from '../../gateway/template/properties.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { type ValueSource, valueSource } from '../value-source.ts';

/** Changes what an integration sees of a request; answers the exchange itself where nothing is mapped. */
export type RequestMapping = (exchange: HttpExchange) => HttpExchange;

type Change = (target: Target, exchange: HttpExchange) => void;

interface Target {
  readonly headers: Record<string, string>;
  readonly multiHeaders: Record<string, readonly string[]>;
  readonly query: Record<string, readonly string[]>;
  path: string;
}

const DESTINATION = /^(append|overwrite|remove):(?:(header|querystring)\.(.+)|path)$/;

/** Reads RequestParameters of a proxy integration (developer guide, "Transform API requests and responses for HTTP APIs"). */
export function requestMapping(properties: Properties): RequestMapping {
  const changes = [...properties.textMap('RequestParameters')].map(([destination, source]) =>
    compile(properties, destination, source),
  );
  if (changes.length === 0) return (exchange) => exchange;
  return (exchange) => {
    const { request } = exchange;
    const target: Target = {
      headers: { ...request.headers },
      multiHeaders: { ...request.multiHeaders },
      query: { ...exchange.query },
      path: exchange.path,
    };
    for (const change of changes) change(target, exchange);
    const { headers, multiHeaders, query, path } = target;
    return {
      ...exchange,
      path,
      query,
      request: { ...request, headers, multiHeaders, rawQueryString: queryString(query) },
    };
  };
}

function compile(properties: Properties, destination: string, source: string): Change {
  const [, verb, place, name = ''] = DESTINATION.exec(destination) ?? [];
  if (verb === undefined || (place === undefined && verb !== 'overwrite')) {
    return properties.fail(
      'RequestParameters',
      `a map from append|overwrite|remove:header|querystring.<name> or overwrite:path, got '${destination}';`,
    );
  }
  if (verb === 'remove') return remove(place, name);
  let read: ValueSource;
  try {
    read = valueSource(source);
  } catch (error) {
    return properties.fail('RequestParameters', error instanceof Error ? error.message : String(error));
  }
  return (target, exchange) => {
    const value = read(exchange);
    if (value === undefined) return;
    if (place === undefined) target.path = value.startsWith('/') ? value : `/${value}`;
    else if (place === 'querystring') {
      target.query[name] = verb === 'append' ? [...(target.query[name] ?? []), value] : [value];
    } else {
      const lower = name.toLowerCase();
      const values = verb === 'append' ? [...(target.multiHeaders[lower] ?? []), value] : [value];
      target.multiHeaders[lower] = values;
      target.headers[lower] = values.join(',');
    }
  };
}

function remove(place: string | undefined, name: string): Change {
  if (place === 'querystring') return ({ query }) => delete query[name];
  const lower = name.toLowerCase();
  return ({ headers, multiHeaders }) => {
    delete headers[lower];
    delete multiHeaders[lower];
  };
}

function queryString(query: Readonly<Record<string, readonly string[]>>): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return pairs.join('&');
}
