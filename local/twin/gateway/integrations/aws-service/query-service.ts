import { randomUUID } from 'node:crypto';
import type { Input } from '../../../aws/aws-call.ts';
import { toXml } from '../../../aws/protocols/xml.ts';
import type { EndpointRequest } from '../../mapping/endpoint.ts';
import { mediaType } from '../../request/media-types.ts';
import { type ServiceProtocol, serviceAnswer } from './service-protocol.ts';
import type { ServiceUri } from './service-uri.ts';

export interface QueryService {
  readonly namespace: string;
  /** Members out of the parameters of a call. */
  readonly input: (form: URLSearchParams, uri: ServiceUri, request: EndpointRequest) => Input;
  /** The result as it is written; @default - as the service has it. */
  readonly result?: (operation: string, output: Input) => Input;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * AWS Query: parameters in the query string and, where the integration maps `Content-Type` to a form, in the body.
 * API Gateway asks for JSON, so that the answer is `{"SendMessageResponse": {"SendMessageResult": …}}` unless the
 * integration maps `Accept` to XML.
 */
export function queryService({ namespace, input, result = (_, output) => output }: QueryService): ServiceProtocol {
  return {
    decode(uri, request) {
      const form = new URLSearchParams(mediaType(request.contentType) === FORM ? request.body.toString() : '');
      for (const [name, value] of request.query) form.set(name, value);
      if (uri.kind === 'action') form.set('Action', uri.rest);
      const operation = form.get('Action') ?? '';
      // What SQS says where the action is missing, or the body is no form: the usual slip of such an integration.
      if (operation === '') return serviceAnswer(404, 'text/xml', '<UnknownOperationException/>', randomUUID());
      form.delete('Action');
      form.delete('Version');
      return { operation, input: input(form, uri, request) };
    },
    encode(operation, output, request, requestId) {
      const ResponseMetadata = { RequestId: requestId };
      const content = result(operation, (output ?? {}) as Input);
      if (!wantsXml(request)) {
        const body = { [`${operation}Response`]: { [`${operation}Result`]: content, ResponseMetadata } };
        return serviceAnswer(200, 'application/json', JSON.stringify(body), requestId);
      }
      const inner = `${toXml(`${operation}Result`, content)}${toXml('ResponseMetadata', ResponseMetadata)}`;
      const xml = `<?xml version="1.0"?><${operation}Response xmlns="${namespace}">${inner}</${operation}Response>`;
      return serviceAnswer(200, 'text/xml', xml, requestId);
    },
    encodeError(error, request, requestId) {
      const { statusCode, message } = error;
      const fault = {
        Type: statusCode < 500 ? 'Sender' : 'Receiver',
        Code: error.queryCode ?? error.type,
        Message: message,
      };
      if (!wantsXml(request)) {
        const body = JSON.stringify({ Error: fault, RequestId: requestId });
        return serviceAnswer(statusCode, 'application/json', body, requestId);
      }
      const inner = `${toXml('Error', fault)}${toXml('RequestId', requestId)}`;
      const xml = `<?xml version="1.0"?><ErrorResponse xmlns="${namespace}">${inner}</ErrorResponse>`;
      return serviceAnswer(statusCode, 'text/xml', xml, requestId);
    },
  };
}

function wantsXml({ headers }: EndpointRequest): boolean {
  return headers.get('accept')?.includes('xml') ?? false;
}
