import type { APIGatewayProxyEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { Principal } from '../../local/twin/aws/principal.ts';
import type { InvokeOutcome } from '../../local/twin/functions/invoke.ts';
import type { AccessEntry } from '../../local/twin/gateway/access-entry.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../local/twin/gateway/create-gateway.ts';
import { ACCOUNT_ID, functionArn, REGION, type RestApiFixture, restApiResources } from './rest-api-resources.ts';

/** What a function is called with, be it an integration or an authorizer. */
export type TestEvent = APIGatewayProxyEvent & {
  readonly type?: string;
  readonly methodArn?: string;
  readonly authorizationToken?: string;
};
/** What a fake function does: answers a payload, or a whole outcome where it fails. */
export type FakeFunction = (event: TestEvent) => unknown;

export interface TestGateway {
  readonly gateway: Gateway;
  readonly url: string;
  readonly port: number;
  readonly access: AccessEntry[];
  /** Events by function name, in order. */
  readonly calls: Record<string, TestEvent[]>;
  /** Who called them, likewise. */
  readonly callers: Record<string, (Principal | undefined)[]>;
  /** The clock that the gateway goes by. */
  readonly clock: { nowMs: number };
  get(path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** A gateway over fake functions, listening on a free port until the test ends. 2026-11-22 00:00 UTC on its clock. */
export async function startTestGateway(
  fixture: RestApiFixture,
  functions: Readonly<Record<string, FakeFunction>> = {},
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const access: AccessEntry[] = [];
  const calls: Record<string, TestEvent[]> = {};
  const callers: Record<string, (Principal | undefined)[]> = {};
  const clock = { nowMs: Date.UTC(2026, 10, 22) };
  const gateway = createGateway(restApiResources(fixture), {
    invoke: async (arn, payload, principal) => {
      const name = arn.split(':').slice(6).join(':');
      calls[name] ??= [];
      // What a function gets has gone through JSON.
      const event: TestEvent = JSON.parse(JSON.stringify(payload));
      calls[name].push(event);
      callers[name] = [...(callers[name] ?? []), principal];
      const run = functions[name] ?? (name === 'service' ? () => ({ statusCode: 200, body: '{}' }) : undefined);
      if (run === undefined) return failed('unknown-function', 'ResourceNotFoundException', `no ${functionArn(name)}`);
      try {
        const payload = await run(event);
        return isOutcome(payload) ? payload : { ok: true, payload };
      } catch (error) {
        return failed('failed', 'Error', error instanceof Error ? error.message : String(error));
      }
    },
    nowMs: () => clock.nowMs,
    onAccess: (entry) => access.push(entry),
    region: REGION,
    accountId: ACCOUNT_ID,
    ...options,
  });
  onTestFinished(() => gateway.close());
  const port = await gateway.listen(0);
  const url = `http://127.0.0.1:${port}`;
  return { gateway, url, port, access, calls, callers, clock, get };

  async function get(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }
}

export function failed(
  kind: 'throttled' | 'timed-out' | 'failed' | 'unknown-function' | 'denied',
  errorType: string,
  errorMessage: string,
): InvokeOutcome {
  return { ok: false, kind, errorType, errorMessage };
}

/** An authorizer's answer that allows the resources given. */
export function allowing(resources: string | readonly string[], more: object = {}): object {
  return {
    principalId: 'user-1',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: resources }],
    },
    ...more,
  };
}

function isOutcome(value: unknown): value is InvokeOutcome {
  return typeof value === 'object' && value !== null && 'ok' in value;
}
