import type { Input } from '../../../aws/aws-call.ts';
import { type ServiceProtocol, serviceAnswer } from './service-protocol.ts';

/**
 * AWS JSON: API Gateway makes `X-Amz-Target` out of the URI's action; with a path, the integration has to map the header.
 *
 * @param target what `X-Amz-Target` begins with, such as `DynamoDB_20120810`.
 */
export function jsonService(target: string, version: '1.0' | '1.1'): ServiceProtocol {
  const type = `application/x-amz-json-${version}`;
  const fault = (__type: string, message: string) => serviceAnswer(400, type, JSON.stringify({ __type, message }), '');
  return {
    decode(uri, { headers, body }) {
      const named = uri.kind === 'action' ? `${target}.${uri.rest}` : (headers.get('x-amz-target') ?? '');
      const [prefix, operation] = named.split('.');
      if (prefix !== target || operation === undefined || operation === '') {
        return fault('UnknownOperationException', `X-Amz-Target must be ${target}.<operation>, got '${named}'`);
      }
      const input = parseObject(body.toString());
      return input === undefined
        ? fault('SerializationException', 'the request of the integration is not a JSON object')
        : { operation, input };
    },
    encode: (_operation, output, _request, requestId) =>
      serviceAnswer(200, type, JSON.stringify(output ?? {}), requestId),
    encodeError: (error, _request, requestId) =>
      serviceAnswer(
        error.statusCode,
        type,
        JSON.stringify({ ...error.members, __type: error.type, message: error.message }),
        requestId,
      ),
  };
}

function parseObject(body: string): Input | undefined {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : undefined;
  } catch {
    return undefined;
  }
}
