import { onTestFinished } from 'vitest';
import type { AccessEntry } from '../../local/twin/gateway/access-entry.ts';
import { type ApiV2, createHttpApi } from '../../local/twin/http-api/create-http-api.ts';
import type { HttpApiOptions } from '../../local/twin/http-api/http-api-options.ts';
import { type FakeEvent, type FakeHandler, fakeFunctions } from './fake-functions.ts';
import { type ApiV2Fixture, httpApiResources } from './http-api-resources.ts';
import { ManualClock } from './manual-clock.ts';
import { ACCOUNT_ID, REGION } from './rest-api-resources.ts';

export interface TestHttpApi {
  readonly api: ApiV2;
  readonly url: string;
  readonly port: number;
  readonly access: AccessEntry[];
  readonly calls: Record<string, FakeEvent[]>;
  readonly principals: readonly unknown[];
  readonly clock: ManualClock;
  get(path: string, init?: RequestInit): Promise<HttpAnswer>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: FakeEvent;
}

/** An HTTP API over fake functions, listening on a free port until the test ends. */
export async function startTestHttpApi(
  fixture: ApiV2Fixture = {},
  handlers: Readonly<Record<string, FakeHandler>> = {},
  options: Partial<HttpApiOptions> = {},
): Promise<TestHttpApi> {
  const access: AccessEntry[] = [];
  const clock = new ManualClock();
  const functions = fakeFunctions(handlers);
  const api = createHttpApi(httpApiResources(fixture), {
    invoke: functions.invoke,
    callAws: async () => ({}),
    nowMs: () => clock.now(),
    region: REGION,
    accountId: ACCOUNT_ID,
    onAccess: (entry) => access.push(entry),
    ...options,
  });
  onTestFinished(() => api.close());
  const port = await api.listen(0);
  const url = `http://127.0.0.1:${port}`;
  return { api, url, port, access, clock, get, calls: functions.calls, principals: functions.principals };

  async function get(path: string, init?: RequestInit): Promise<HttpAnswer> {
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
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
