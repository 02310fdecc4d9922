import { ULID_PATTERN } from '../../contract/ulid-pattern.ts';
import { ServiceError } from '../../errors/service-error.ts';

/**
 * The path parameter as a user id, or 400 `invalid-user-id`. Only the form is checked: accounts are kept by address, so
 * following an id that nobody has is possible and has no effect.
 */
export function requireUserId(text: string | undefined): string {
  if (text !== undefined && ULID_PATTERN.test(text)) return text;
  const message = `userId: expected a user id (a ULID, 26 characters), got '${text ?? ''}'`;
  throw new ServiceError('invalid-user-id', message, { statusCode: 400 });
}
