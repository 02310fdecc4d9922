import type { Input } from '../aws-call.ts';
import type { AwsError } from '../aws-error.ts';
import type { WireRequest, WireResponse } from './wire-request.ts';

/** What a request asks for. */
export interface DecodedCall {
  readonly operation: string;
  readonly input: Input;
}

/** How a service's calls are written in HTTP. */
export interface Protocol {
  /** @throws AwsError where the request cannot be read. */
  decode(request: WireRequest): DecodedCall;
  encode(operation: string, output: unknown, requestId: string): WireResponse;
  encodeError(error: AwsError, requestId: string): WireResponse;
}
