import type { Iam } from '../aws/iam/iam.ts';
import { OWNER, type Principal } from '../aws/principal.ts';
import type { Functions } from './functions.ts';
import type { Invoke, InvokeAsync, InvokeOutcome } from './invoke.ts';

type Refused = InvokeOutcome & { readonly ok: false };

const STARTING: Refused = {
  ok: false,
  kind: 'failed',
  errorType: 'ServiceException',
  errorMessage: 'the twin is still starting',
};

/** Both ways to invoke a function, after IAM was asked. Functions start late: they are looked up at each invocation. */
export function authorizedInvokes(
  iam: Pick<Iam, 'authorizeInvoke'>,
  functions: () => Functions | undefined,
): { readonly invoke: Invoke; readonly invokeAsync: InvokeAsync } {
  const refusal = (principal: Principal, name: string): Refused | undefined => {
    const errorMessage = iam.authorizeInvoke(principal, name);
    if (errorMessage === undefined) return undefined;
    return { ok: false, kind: 'denied', errorType: 'AccessDeniedException', errorMessage };
  };
  return {
    invoke: async (name, payload, principal = OWNER, options = {}) =>
      refusal(principal, name) ?? functions()?.invoke(name, payload, principal, options) ?? STARTING,
    invokeAsync: async (name, payload, principal = OWNER, options = {}) =>
      refusal(principal, name) ?? functions()?.invokeAsync(name, payload, principal, options) ?? STARTING,
  };
}
