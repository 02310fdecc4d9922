import { beforeEach, describe, expect, it } from 'vitest';
import { RecentRequests } from '../../../../local/twin/console/recent-requests.ts';
import type { AccessEntry } from '../../../../local/twin/gateway/access-entry.ts';

function access(changes: Partial<AccessEntry> = {}): AccessEntry {
  return {
    requestId: 'r',
    startedAtMs: 0,
    method: 'GET',
    path: '/feed',
    route: 'GET /feed',
    status: 200,
    latencyMs: 10,
    authorizerLatencyMs: undefined,
    integrationLatencyMs: undefined,
    principalId: undefined,
    plan: undefined,
    refusal: undefined,
    line: undefined,
    ...changes,
  } as AccessEntry;
}

const throttled = (reason: string): AccessEntry =>
  access({ status: 429, refusal: { responseType: 'THROTTLED', reason } });

describe('RecentRequests', () => {
  let requests: RecentRequests;
  beforeEach(() => {
    requests = new RecentRequests();
  });

  it('keeps the last hundred, newest first', () => {
    for (let at = 0; at < 101; at += 1) requests.add(access({ startedAtMs: at }));
    const kept = requests.latest().map(({ startedAtMs }) => startedAtMs);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([100, 100, 1]);
  });

  it('keeps what was refused or failed apart, so that others do not push it out', () => {
    requests.add(throttled('too fast'));
    requests.add(access({ status: 502 }));
    for (let at = 0; at < 100; at += 1) requests.add(access());
    expect(requests.latest().every(({ status }) => status === 200)).toBe(true);
    expect(requests.latestUnserved().map(({ status }) => status)).toEqual([502, 429]);
  });

  it('counts by status, in order', () => {
    for (const status of [429, 200, 200]) requests.add(access({ status }));
    expect(Object.entries(requests.counts())).toEqual([
      ['200', 2],
      ['429', 1],
    ]);
  });

  it.each([
    [399, { throttled: 0, refused: 0, failed: 0 }],
    [400, { throttled: 0, refused: 1, failed: 0 }],
    [429, { throttled: 1, refused: 0, failed: 0 }],
    [499, { throttled: 0, refused: 1, failed: 0 }],
    [500, { throttled: 0, refused: 0, failed: 1 }],
  ])('counts a %i of a route for what it is', (status, expected) => {
    requests.add(access({ status }));
    expect(requests.ofRoute('GET /feed')).toEqual({ requests: 1, meanMs: 10, ...expected });
  });

  it('says the mean time of a route, and zero of one that nobody called', () => {
    requests.add(access({ latencyMs: 10 }));
    requests.add(access({ latencyMs: 20 }));
    requests.add(access({ route: undefined, status: 404 }));
    expect(requests.ofRoute('GET /feed')).toMatchObject({ requests: 2, meanMs: 15 });
    expect(requests.ofRoute('GET /other')).toMatchObject({ requests: 0, meanMs: 0 });
  });

  it('counts reasons, most frequent first, and when each was last', () => {
    requests.add(access({ status: 429, route: 'POST /feed' }));
    requests.add(throttled('too fast'));
    requests.add({ ...throttled('too fast'), startedAtMs: 7 });
    expect(requests.reasons()).toEqual([
      { status: 429, responseType: 'THROTTLED', reason: 'too fast', count: 2, lastMs: 7 },
      { status: 429, responseType: undefined, reason: 'the service answered 429 to POST /feed', count: 1, lastMs: 0 },
    ]);
  });

  it('counts two hundred reasons and no more: callers make them up', () => {
    for (let at = 0; at < 201; at += 1) requests.add(throttled(`no route serves /${at}`));
    requests.add(throttled('no route serves /0'));
    expect(requests.reasons()).toHaveLength(200);
    expect(requests.reasons()[0]).toMatchObject({ reason: 'no route serves /0', count: 2 });
  });
});
