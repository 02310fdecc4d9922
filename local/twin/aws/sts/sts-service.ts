import type { AwsCall, AwsService, Input, Operation } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalText, requiredText } from '../member-constraints.ts';
import type { Principal } from '../principal.ts';
import { type Role, roleName } from './roles.ts';
import type { Session, Sessions } from './sessions.ts';

export interface StsOptions {
  readonly accountId: string;
  readonly sessions: Sessions;
  /** Role of the templates by name; `undefined` where there is none. */
  readonly roleOf: (name: string) => Role | undefined;
  /** Whose access key it is. */
  readonly principalOf: (accessKeyId: string | undefined) => Principal;
}

const ROLE_ARN = { minLength: 20, maxLength: 2048, pattern: /arn:[\w-]+:iam::\d{12}:role\/[\u0021-\u007F]+/ };
const SESSION_NAME = { minLength: 2, maxLength: 64, pattern: /[\w+=,.@-]*/ };
const ROLE_SECONDS = { min: 900, max: 43_200 };
const TOKEN_SECONDS = { min: 900, max: 129_600 };
/** A role that a role assumes is assumed for an hour at most. */
const CHAINED_SECONDS = 3_600;
const ROLE_SECONDS_DEFAULT = 3_600;
const TOKEN_SECONDS_DEFAULT = 43_200;

/** Security Token Service, API version 2011-06-15. Session policies and tags are not taken. */
export function stsService(options: StsOptions): AwsService {
  const { accountId, sessions, principalOf } = options;
  const unsupported =
    (operation: string): Operation =>
    () => {
      throw new AwsError(
        'UnsupportedOperation',
        `the twin has no identity provider, so ${operation} is not offered; use AssumeRole`,
      );
    };
  return {
    GetCallerIdentity: (_input, { accessKeyId }) => {
      const { userId, arn } = identityOf(principalOf(accessKeyId), options);
      return { UserId: userId, Account: accountId, Arn: arn };
    },
    AssumeRole: (input, call) => assumeRole(input, call, options),
    GetSessionToken: (input, { accessKeyId }) => {
      const principal = principalOf(accessKeyId);
      const seconds = secondsOf(input, TOKEN_SECONDS) ?? TOKEN_SECONDS_DEFAULT;
      if (principal.kind !== 'owner') {
        throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', { statusCode: 403 });
      }
      return { Credentials: describe(sessions.open(principal, seconds)) };
    },
    GetAccessKeyInfo: (input) => {
      requiredText(input, 'AccessKeyId', { minLength: 16, maxLength: 128 });
      return { Account: accountId };
    },
    AssumeRoleWithWebIdentity: unsupported('AssumeRoleWithWebIdentity'),
    AssumeRoleWithSAML: unsupported('AssumeRoleWithSAML'),
  };
}

function assumeRole(input: Input, { accessKeyId }: AwsCall, options: StsOptions): Record<string, unknown> {
  const roleArn = validated(() => requiredText(input, 'RoleArn', ROLE_ARN));
  const sessionName = validated(() => requiredText(input, 'RoleSessionName', SESSION_NAME));
  const seconds = secondsOf(input, ROLE_SECONDS);
  const caller = options.principalOf(accessKeyId);
  const role = options.roleOf(roleName(roleArn));
  if (!role || roleArn.split(':')[4] !== options.accountId) {
    // AWS does not tell whether there is such a role.
    const { arn } = identityOf(caller, options);
    const message = `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new AwsError('AccessDenied', message, { statusCode: 403 });
  }
  if (caller.kind === 'role' && (seconds ?? 0) > CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if ((seconds ?? 0) > role.maxSessionSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  if (optionalText(input, 'Policy') !== undefined || input.PolicyArns !== undefined) {
    throw validationError('the twin takes no session policies; give the role itself less');
  }
  const session = options.sessions.open({ kind: 'role', roleArn, sessionName }, seconds ?? ROLE_SECONDS_DEFAULT);
  const { userId, arn } = identityOf(session.principal, options);
  const sourceIdentity = optionalText(input, 'SourceIdentity');
  return {
    Credentials: describe(session),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

function identityOf(
  principal: Principal,
  { accountId, roleOf }: StsOptions,
): { readonly userId: string; readonly arn: string } {
  if (principal.kind !== 'role') return { userId: accountId, arn: `arn:aws:iam::${accountId}:root` };
  const name = roleName(principal.roleArn);
  return {
    userId: `${roleOf(name)?.id ?? 'AROATWIN'}:${principal.sessionName}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${principal.sessionName}`,
  };
}

/** Numbers of a form are texts. */
function secondsOf(input: Input, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
  const given = optionalText(
    { DurationSeconds: input.DurationSeconds && String(input.DurationSeconds) },
    'DurationSeconds',
  );
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (seconds >= min && seconds <= max) return seconds;
  const bound = seconds < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  throw validationError(
    `1 validation error detected: Value '${given}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** STS calls `ValidationError` what others call `ValidationException`. */
function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

function validated<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof AwsError ? validationError(error.message) : error;
  }
}

function describe({ accessKeyId, secretAccessKey, sessionToken, expiresMs }: Session): Record<string, unknown> {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(expiresMs).toISOString(),
  };
}
