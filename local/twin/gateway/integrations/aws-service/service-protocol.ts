import type { Input } from '../../../aws/aws-call.ts';
import type { AwsError } from '../../../aws/aws-error.ts';
import type { EndpointRequest, EndpointResponse } from '../../mapping/endpoint.ts';
import type { ServiceUri } from './service-uri.ts';

/** What an integration's request asks of a service. */
export interface ServiceCall {
  readonly operation: string;
  readonly input: Input;
}

/** How API Gateway writes calls to a service, and how the service answers it. */
export interface ServiceProtocol {
  /** Answers the call, or what the service says to a request that it cannot read. */
  decode(uri: ServiceUri, request: EndpointRequest): ServiceCall | EndpointResponse;
  encode(operation: string, output: unknown, request: EndpointRequest, requestId: string): EndpointResponse;
  encodeError(error: AwsError, request: EndpointRequest, requestId: string): EndpointResponse;
}

/** An answer of a service; selection patterns are held against its status. */
export function serviceAnswer(status: number, contentType: string, body: string, requestId: string): EndpointResponse {
  return {
    status,
    selectBy: String(status),
    headers: new Map([
      ['content-type', contentType],
      ['x-amzn-requestid', requestId],
    ]),
    body,
  };
}
