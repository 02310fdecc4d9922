import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { createIam, type Iam, type IamOptions } from '../../local/twin/aws/iam/iam.ts';
import type { Principal } from '../../local/twin/aws/principal.ts';
import { accountId, region, resource } from './running-aws.ts';

export const iamArn = (tail: string) => `arn:aws:iam::${accountId}:${tail}`;
export const arnOf = (service: string, tail: string) => `arn:aws:${service}:${region}:${accountId}:${tail}`;

/** A policy document of one statement, or of several; `Allow` on `*` unless they say otherwise. */
export function policy(...statements: object[]): Record<string, unknown> {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      ...('NotResource' in statement ? {} : { Resource: '*' }),
      ...statement,
    })),
  };
}

/** A trust policy for a service, Lambda's unless said otherwise. */
export function trust(principal: object = { Service: 'lambda.amazonaws.com' }): Record<string, unknown> {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
  };
}

export function role(name: string, properties: Record<string, unknown> = {}): ResolvedResource {
  return resource('AWS::IAM::Role', name, { AssumeRolePolicyDocument: trust(), ...properties });
}

/** A role whose one inline policy has these statements. */
export function roleThatMay(name: string, ...statements: object[]): ResolvedResource {
  return role(name, { Policies: [{ PolicyName: 'Own', PolicyDocument: policy(...statements) }] });
}

export function functionIn(roleName: string, name = 'feed'): ResolvedResource {
  return resource('AWS::Lambda::Function', name, { Role: iamArn(`role/${roleName}`) });
}

export const feed: Principal = { kind: 'role', roleArn: iamArn('role/Feed'), sessionName: 'feed' };

/** IAM over these resources, with what it logs. */
export function iamOf(
  resources: readonly ResolvedResource[],
  options: Partial<IamOptions> = {},
): Iam & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
  };
  return {
    ...createIam(resources, {
      mode: 'enforce',
      region,
      accountId,
      nowMs: () => Date.UTC(2026, 10, 22),
      log,
      ...options,
    }),
    lines,
  };
}

/** What `authorizeCall` answers to a call: `allowed`, or the refusal as `type status message`. */
export function answer(
  iam: Iam,
  principal: Principal,
  service: string,
  operation: string,
  input: Record<string, unknown>,
): string {
  const signal = new AbortController().signal;
  try {
    iam.authorizeCall(principal, {
      service,
      operation,
      input,
      accessKeyId: undefined,
      endpointUrl: 'http://127.0.0.1',
      signal,
    });
    return 'allowed';
  } catch (error) {
    const { type, statusCode, message } = error as { type: string; statusCode: number; message: string };
    return `${type} ${statusCode} ${message}`;
  }
}
