import type { Principal } from '../principal.ts';
import type { Context } from './model/context.ts';
import { contextOf } from './question.ts';
import type { Role } from './read-roles.ts';

export interface ContextOptions {
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  /** ARN of the function that a session of a role belongs to, if it is a function's. */
  readonly functionArn: (roleArn: string, sessionName: string) => string | undefined;
}

/** Keys whose values change by themselves: decisions that depend on them are not kept. */
export const VOLATILE_KEYS: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime']);

const PRINCIPAL_TAG = 'aws:principaltag/';

/**
 * The global condition keys of a request ("AWS global condition context keys"). Not there, as nothing of it exists on one
 * machine: VPC and its endpoints, organization, MFA, user agent, referrer, tags of resources and of requests.
 */
export function globalContext(principal: Principal, role: Role | undefined, options: ContextOptions): Context {
  const { region, accountId, nowMs, functionArn } = options;
  const always = contextOf({
    'aws:currenttime': () => new Date(nowMs()).toISOString(),
    'aws:epochtime': () => String(Math.floor(nowMs() / 1_000)),
    'aws:requestedregion': () => region,
    'aws:resourceaccount': () => accountId,
    // The loopback stands for TLS: policies that deny plain HTTP would deny everything here.
    'aws:securetransport': () => 'true',
    'aws:viaawsservice': () => 'false',
  });
  if (principal.kind === 'service') {
    const own = contextOf({
      'aws:principalisawsservice': () => 'true',
      'aws:principalservicename': () => principal.service,
      'aws:principalservicenameslist': () => [principal.service],
      'aws:sourceaccount': () => principal.sourceArn.split(':')[4] || accountId,
      'aws:sourcearn': () => principal.sourceArn,
    });
    return (key) => own(key) ?? always(key);
  }
  if (principal.kind === 'owner') return always;
  const { roleArn, sessionName } = principal;
  const own = contextOf({
    'aws:principalaccount': () => accountId,
    'aws:principalarn': () => roleArn,
    'aws:principalisawsservice': () => 'false',
    'aws:principaltype': () => 'AssumedRole',
    'aws:sourceip': () => '127.0.0.1',
    'aws:userid': () => `${role?.id ?? 'AROATWIN'}:${sessionName}`,
    'lambda:sourcefunctionarn': () => functionArn(roleArn, sessionName),
  });
  return (key) =>
    key.startsWith(PRINCIPAL_TAG) ? role?.tags[key.slice(PRINCIPAL_TAG.length)] : (own(key) ?? always(key));
}
