import { NO_CONTEXT } from './context.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** Who asks, as policies name them. */
export type Caller =
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      /** `arn:aws:sts::<account>:assumed-role/<role name>/<session>`. */
      readonly sessionArn: string;
      readonly accountId: string;
    }
  | { readonly kind: 'service'; readonly service: string };

/**
 * How closely a `Principal` element names a caller. `account` hands the decision to the account's own policies; a permissions
 * boundary does not limit what is granted to a `session` by name.
 */
export type Naming = 'none' | 'account' | 'role' | 'session' | 'everyone' | 'service';

/** A `Principal` or `NotPrincipal` element. */
export interface Principals {
  naming(caller: Caller): Naming;
}

/** @throws RangeError with a clause that says what is wrong. */
export function compilePrincipals(element: unknown): Principals {
  if (element === '*') return { naming: () => 'everyone' };
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    throw new RangeError(`Principal must be '*' or an object, got ${JSON.stringify(element)}`);
  }
  const { AWS, Service, ...others } = element as Readonly<Record<string, unknown>>;
  for (const kind of Object.keys(others)) {
    if (kind !== 'Federated' && kind !== 'CanonicalUser') throw new RangeError(`Principal has no kind '${kind}'`);
  }
  const accounts = strings('Principal.AWS', AWS);
  const services = strings('Principal.Service', Service).map((service) => compilePattern(service));
  return {
    naming: (caller) => {
      if (accounts.includes('*')) return 'everyone';
      return caller.kind === 'service' ? namingOfService(services, caller.service) : namingOfRole(accounts, caller);
    },
  };
}

/** A statement with `NotPrincipal` is about everybody whom it does not name. */
export function exceptPrincipals(principals: Principals): Principals {
  return { naming: (caller) => (principals.naming(caller) === 'none' ? 'everyone' : 'none') };
}

function namingOfService(services: readonly Pattern[], service: string): Naming {
  return services.some((pattern) => pattern.matches(service, NO_CONTEXT)) ? 'service' : 'none';
}

function namingOfRole(names: readonly string[], caller: Caller & { readonly kind: 'role' }): Naming {
  if (names.includes(caller.sessionArn)) return 'session';
  if (names.includes(caller.roleArn)) return 'role';
  const { accountId } = caller;
  const isAccount = names.includes(accountId) || names.some((name) => name.endsWith(`:iam::${accountId}:root`));
  return isAccount ? 'account' : 'none';
}

function strings(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  const list = [value].flat();
  if (list.every((item) => typeof item === 'string')) return list;
  throw new RangeError(`${name} must be a string or a list of them, got ${JSON.stringify(value)}`);
}
