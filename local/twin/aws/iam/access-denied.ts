import { AwsError } from '../aws-error.ts';
import type { Decision } from './model/evaluate.ts';
import type { Question } from './question.ts';

type Denial = Decision & { readonly allowed: false };

interface Dialect {
  readonly type: string;
  readonly statusCode: number;
  readonly queryCode?: string;
}

/** Services that once spoke the query protocol, and those with HTTP statuses of their own. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  cloudwatch: { type: 'AccessDenied', statusCode: 403, queryCode: 'AccessDenied' },
  'execute-api': { type: 'AccessDeniedException', statusCode: 403 },
  lambda: { type: 'AccessDeniedException', statusCode: 403 },
  s3: { type: 'AccessDenied', statusCode: 403 },
  scheduler: { type: 'AccessDeniedException', statusCode: 403 },
  sns: { type: 'AuthorizationError', statusCode: 403 },
  sqs: { type: 'AccessDenied', statusCode: 403, queryCode: 'AccessDenied' },
  sts: { type: 'AccessDenied', statusCode: 403 },
};
const JSON_DIALECT: Dialect = { type: 'AccessDeniedException', statusCode: 400 };

/** The error that a service answers when IAM refuses a call to it. */
export function accessDenied(service: string, message: string): AwsError {
  const { type, ...details } = (Object.hasOwn(DIALECTS, service) ? DIALECTS[service] : undefined) ?? JSON_DIALECT;
  return new AwsError(type, message, details);
}

/**
 * AWS's sentence about a refusal ("Troubleshoot access denied error messages" of the IAM User Guide).
 *
 * @param user ARN of the session, or the name of a service.
 */
export function denialMessage(user: string, { action, resource, shown = resource }: Question, denial: Denial): string {
  const [service = ''] = action.split(':');
  // SQS writes its actions in lower case, and SNS its own name in upper case; API Gateway hides most of the account's
  // number, and S3 puts the resource in quotes.
  const name = service === 'sqs' ? action.toLowerCase() : action.replace(/^sns:/, 'SNS:');
  const masked = service === 'execute-api' ? shown.replace(/:\d{8}(\d{4}):/, ':********$1:') : shown;
  const where = service === 's3' ? `"${masked}"` : masked;
  return `User: ${user} is not authorized to perform: ${name} on resource: ${where}${reason(name, denial)}`;
}

function reason(action: string, { explicit, by }: Denial): string {
  const kind =
    by === 'boundary' ? 'permissions boundary' : by === 'identity' ? 'identity-based policy' : 'resource-based policy';
  if (explicit) return ` with an explicit deny in ${kind.startsWith('i') ? 'an' : 'a'} ${kind}`;
  // STS gives no reason where nothing allows.
  return action.startsWith('sts:') ? '' : ` because no ${kind} allows the ${action} action`;
}
