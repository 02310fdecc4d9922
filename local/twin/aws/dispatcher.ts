import type { AwsCall, AwsService } from './aws-call.ts';
import { AwsError } from './aws-error.ts';
import { OWNER, type Principal } from './principal.ts';

/** Refuses a call by throwing AwsError, or returns. */
export type AuthorizeCall = (principal: Principal, call: AwsCall) => void;

/** Runs one call as a principal; rejects with AwsError. */
export type Dispatch = (principal: Principal, call: AwsCall) => Promise<unknown>;

/** Calls a service in this process, without HTTP, as the twin itself or as whoever `principal` says. Rejects with AwsError. */
export type CallAws = (
  service: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  principal?: Principal,
  signal?: AbortSignal,
) => Promise<Record<string, unknown>>;

/** The service of a request that is not signed. */
export const UNSIGNED = 'unknown';

/** Finds the service and its operation, asks IAM, and runs it. */
export function createDispatch(services: Readonly<Record<string, AwsService>>, authorize: AuthorizeCall): Dispatch {
  return async (principal, call) => {
    const service = Object.hasOwn(services, call.service) ? services[call.service] : undefined;
    if (!service) {
      const known = Object.keys(services).sort().join(', ');
      throw new AwsError(
        'UnknownOperationException',
        call.service === UNSIGNED
          ? `the request names no service, neither by X-Amz-Target nor by a signature; this endpoint is for SDK clients, and knows ${known}`
          : `the twin does not know the service '${call.service}'${operationOf(call)}; it knows ${known}`,
      );
    }
    const operation = Object.hasOwn(service, call.operation) ? service[call.operation] : undefined;
    if (!operation) {
      throw new AwsError(
        'UnknownOperationException',
        `the twin does not know ${call.service}:${call.operation}; it knows ${Object.keys(service).sort().join(', ')}`,
      );
    }
    authorize(principal, call);
    return operation(call.input, call);
  };
}

const NEVER = new AbortController().signal;

/** Calls from inside of the twin: as the account's owner unless another principal is given. */
export function createCallAws(dispatch: Dispatch, endpointUrl: () => string): CallAws {
  return async (service, operation, input, principal = OWNER, signal = NEVER) => {
    const call: AwsCall = {
      service,
      operation,
      input,
      accessKeyId: undefined,
      endpointUrl: endpointUrl(),
      signal,
    };
    return ((await dispatch(principal, call)) ?? {}) as Record<string, unknown>;
  };
}

/** Services that the twin does not have may speak a protocol without the operation's name. */
function operationOf({ operation }: AwsCall): string {
  return operation === '' ? '' : ` (operation ${operation})`;
}
