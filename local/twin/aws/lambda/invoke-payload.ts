import { AwsError } from '../aws-error.ts';

/** Largest event of a synchronous invocation: 6 MiB; a response may have 100 bytes more. */
const SYNCHRONOUS_MAX_BYTES = 6_291_456;
/** Largest event of an asynchronous invocation: 1 MiB since October 2025, 256 KB before. */
const ASYNCHRONOUS_MAX_BYTES = 1_048_576;

/**
 * The event of an Invoke call: JSON, or nothing, which is an empty object.
 *
 * @param payload a Buffer as it came over HTTP, or base64 text from within the twin
 * @throws AwsError RequestEntityTooLargeException, which Lambda answers where its API reference says
 *   RequestTooLargeException, or InvalidRequestContentException
 */
export function readPayload(payload: unknown, isAsynchronous: boolean): unknown {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '', 'base64');
  const most = isAsynchronous ? ASYNCHRONOUS_MAX_BYTES : SYNCHRONOUS_MAX_BYTES;
  if (bytes.length > most) {
    const message = isAsynchronous
      ? `${bytes.length} byte payload is too large for the Event invocation type (limit ${most} bytes)`
      : `Request must be smaller than ${most} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestEntityTooLargeException', message, { statusCode: 413, members: { Type: 'User' } });
  }
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
      { members: { Type: 'User' } },
    );
  }
}
