import { describe, expect, it } from 'vitest';
import { ACCESS_LOG_FIELDS, accessLogFormat } from '../../../lib/api/access-log.ts';

describe('accessLogFormat', () => {
  it('is one JSON object, which stays one when variables have no value', () => {
    const line = accessLogFormat()
      .toString()
      .replace(/\$context\.[A-Za-z.]+/g, '-');
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual(Object.fromEntries(Object.keys(ACCESS_LOG_FIELDS).map((key) => [key, '-'])));
  });

  it('has request, route, status, the three latencies, caller and tier', () => {
    expect(ACCESS_LOG_FIELDS).toMatchObject({
      requestId: '$context.requestId',
      route: '$context.resourcePath',
      status: '$context.status',
      latencyMs: '$context.responseLatency',
      integrationLatencyMs: '$context.integration.latency',
      authorizerLatencyMs: '$context.authorizer.latency',
      caller: '$context.authorizer.sub',
      tier: '$context.authorizer.tier',
    });
  });
});
