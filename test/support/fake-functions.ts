import type { Principal } from '../../local/twin/aws/principal.ts';
import type { Invoke, InvokeOutcome } from '../../local/twin/functions/invoke.ts';

/** What a function is called with, after it went through JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into events of many shapes.
export type FakeEvent = any;
/** What a fake function does: answers a payload, or a whole outcome where it fails. */
export type FakeHandler = (event: FakeEvent) => unknown;

export interface FakeFunctions {
  readonly invoke: Invoke;
  /** Events by function name, in order. */
  readonly calls: Record<string, FakeEvent[]>;
  readonly principals: (Principal | undefined)[];
}

/** Functions by name; `service` answers 200 with an empty object unless given. */
export function fakeFunctions(handlers: Readonly<Record<string, FakeHandler>> = {}): FakeFunctions {
  const calls: Record<string, FakeEvent[]> = {};
  const principals: (Principal | undefined)[] = [];
  return {
    calls,
    principals,
    async invoke(arn, payload, principal) {
      const name = arn.split(':').slice(6).join(':');
      const event = JSON.parse(JSON.stringify(payload));
      calls[name] ??= [];
      calls[name].push(event);
      principals.push(principal);
      const handler = handlers[name] ?? (name === 'service' ? () => ({ statusCode: 200, body: '{}' }) : undefined);
      if (handler === undefined) return failedInvocation('unknown-function', 'ResourceNotFoundException', `no ${arn}`);
      try {
        const answer = await handler(event);
        return isOutcome(answer) ? answer : { ok: true, payload: JSON.parse(JSON.stringify(answer ?? null)) };
      } catch (error) {
        return failedInvocation('failed', 'Error', error instanceof Error ? error.message : String(error));
      }
    },
  };
}

export function failedInvocation(
  kind: Exclude<InvokeOutcome, { ok: true }>['kind'],
  errorType: string,
  errorMessage: string,
): InvokeOutcome {
  return { ok: false, kind, errorType, errorMessage };
}

function isOutcome(value: unknown): value is InvokeOutcome {
  return typeof value === 'object' && value !== null && 'ok' in value;
}
