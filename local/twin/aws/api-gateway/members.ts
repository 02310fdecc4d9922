import type { Input } from '../aws-call.ts';
import { badRequest } from './api-gateway-error.ts';

/** A member that must be there. @throws AwsError BadRequestException */
export function requiredMember(input: Input, member: string): string {
  const value = optionalMember(input, member);
  if (value !== undefined && value !== '') return value;
  throw badRequest(`${member} must be given`);
}

/** A member that may be missing. @throws AwsError BadRequestException where it is no text */
export function optionalMember(input: Input, member: string): string | undefined {
  const value = input[member] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw badRequest(`${member} must be a string, got ${JSON.stringify(value)}`);
}

/** A switch, off where it is missing; in a query string it is text. */
export function flag(input: Input, member: string): boolean {
  return String(input[member]) === 'true';
}
