import { ServiceError } from '../../errors/service-error.ts';

/** Errors with which AWS asks for less, all of them with status 400. */
const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/**
 * Whether an error says that the dependency is not well. A refusal that another attempt would get as well, such as a
 * condition that does not hold, is an answer like any other. What is not known is a fault: most of it never got there.
 */
export function isDependencyFault(error: unknown): boolean {
  if (error instanceof ServiceError) return error.statusCode >= 500;
  if (error instanceof Error && THROTTLED.has(error.name)) return true;
  const status = statusOf(error);
  return status === undefined || status >= 500 || status === 408 || status === 429;
}

/** The SDK keeps the status of an answer in `$metadata`. */
function statusOf(error: unknown): number | undefined {
  const metadata = (error as { readonly $metadata?: { readonly httpStatusCode?: unknown } } | null)?.$metadata;
  return typeof metadata?.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
