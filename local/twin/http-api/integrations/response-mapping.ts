import type { Properties } from '../../gateway/template/properties.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { HttpReply } from '../http-reply.ts';
import type { HttpIntegration } from '../http-route.ts';
import { parseJsonPath, readJsonPath } from '../json-path.ts';
import { valueSource } from '../value-source.ts';

type ReadResponse = (reply: HttpReply, exchange: HttpExchange) => string | undefined;
type Change = (reply: HttpReply, exchange: HttpExchange) => HttpReply;

const DESTINATION = /^(append|overwrite|remove):(?:header\.(.+)|statuscode)$/;

/** Reads ResponseParameters: changes of the answer by the status that the integration gave. */
export function withResponseMapping(integration: HttpIntegration, properties: Properties): HttpIntegration {
  const byStatus = new Map<string, readonly Change[]>();
  for (const status of properties.map('ResponseParameters').keys()) {
    const list = properties.child('ResponseParameters')?.child(status)?.children('ResponseParameters') ?? [];
    byStatus.set(
      status,
      list.map((item) => compile(item)),
    );
  }
  if (byStatus.size === 0) return integration;
  return {
    ...integration,
    async call(exchange) {
      const answer = await integration.call(exchange);
      if (answer.kind === 'refusal') return answer;
      const changes = byStatus.get(String(answer.status)) ?? [];
      return changes.reduce((reply, change) => change(reply, exchange), answer);
    },
  };
}

function compile(properties: Properties): Change {
  const [, verb, name] = DESTINATION.exec(properties.text('Destination')) ?? [];
  if (verb === undefined || (name === undefined && verb !== 'overwrite')) {
    return properties.fail('Destination', 'append|overwrite|remove:header.<name> or overwrite:statuscode');
  }
  const lower = name?.toLowerCase();
  if (verb === 'remove') {
    return (reply) => ({ ...reply, headers: reply.headers.filter(([header]) => header.toLowerCase() !== lower) });
  }
  const read = responseSource(properties);
  return (reply, exchange) => {
    const value = read(reply, exchange);
    if (value === undefined) return reply;
    if (lower === undefined) {
      const status = Number(value);
      return Number.isInteger(status) && status >= 200 && status <= 599 ? { ...reply, status } : reply;
    }
    const kept = verb === 'append' ? reply.headers : reply.headers.filter(([header]) => header.toLowerCase() !== lower);
    return { ...reply, headers: [...kept, [lower, value]] };
  };
}

function responseSource(properties: Properties): ReadResponse {
  const source = properties.text('Source');
  if (!source.startsWith('$response.')) {
    const read = valueSource(source);
    return (_, exchange) => read(exchange);
  }
  const [, kind, key = ''] = /^\$response\.(header|body)(?:\.(.+))?$/.exec(source) ?? [];
  if (kind === 'header') {
    const lower = key.toLowerCase();
    return ({ headers }) => headers.find(([name]) => name.toLowerCase() === lower)?.[1];
  }
  if (kind !== 'body') return properties.fail('Source', '$response.header.<name> or $response.body[.<path>]');
  const path = parseJsonPath(key);
  return ({ body }) => {
    if (key === '') return body.toString();
    try {
      const value = readJsonPath(JSON.parse(body.toString()), path);
      return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
    } catch {
      return undefined;
    }
  };
}
