import { describe, expect, it } from 'vitest';
import { type ApiView, apiViews } from '../../../../local/twin/console/api-view.ts';
import { RecentRequests } from '../../../../local/twin/console/recent-requests.ts';
import { resourceLabels } from '../../../../local/twin/console/resource-labels.ts';
import type { RunningApi } from '../../../../local/twin/running-apis.ts';
import { consoleSnapshot } from '../../../support/console-snapshot.ts';
import { apiRoute, functionArn, restApi, v2Api } from '../../../support/running-api.ts';
import { resource } from '../../../support/running-aws.ts';

const labels = resourceLabels([
  resource('AWS::Lambda::Function', 'feed', {}),
  { ...resource('AWS::Lambda::Function', 'verify', {}), path: 'Authorizer/Verify/Resource' },
]);

function view(apis: readonly RunningApi[], requests = new RecentRequests()): ApiView[] {
  return apiViews({ apis, requests, labels, connectionsOf: (apiId) => apiId.length });
}

function requested(route: string): RecentRequests {
  const requests = new RecentRequests();
  const [request] = consoleSnapshot().requests;
  if (request) requests.add({ ...request, route, line: undefined } as Parameters<RecentRequests['add']>[0]);
  return requests;
}

describe('apiViews', () => {
  it('shows a route with its throttle, its function and the function of its authorizer', () => {
    const throttle = { ratePerSecond: 5, burst: 10 };
    const [api] = view([
      restApi({
        routes: [apiRoute({ throttle, authorizer: 'StackAuthorizerFD45', apiKeyRequired: true })],
        authorizers: [
          { name: 'StackAuthorizerFD45', type: 'TOKEN', functionArn: functionArn('verify'), ttlSeconds: 0 },
        ],
      }),
    ]);
    expect(api?.routes).toMatchObject([
      { path: '/feed', throttle, authorizer: 'Authorizer/Verify', apiKeyRequired: true, target: 'feed' },
    ]);
    expect(api?.account).toEqual({ ratePerSecond: 10_000, burst: 5_000 });
  });

  it('shows the service behind a route that has no function', () => {
    const route = apiRoute({ integration: 'AWS', functionArn: undefined, target: 'sqs:path/0/work' });
    const http = apiRoute({ integration: 'SQS-SendMessage', functionArn: undefined });
    const views = view([restApi({ routes: [route] }), v2Api({ routes: [http] })]);
    expect(views.map(({ routes }) => routes[0]?.target)).toEqual(['AWS sqs:path/0/work', 'SQS-SendMessage']);
  });

  it('leaves out preflights, and nothing else that is mocked', () => {
    const routes = [
      apiRoute({ method: 'OPTIONS', integration: 'MOCK' }),
      apiRoute({ method: 'OPTIONS' }),
      apiRoute({ path: '/health', integration: 'MOCK' }),
    ];
    expect(view([restApi({ routes })])[0]?.routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'OPTIONS /feed',
      'GET /health',
    ]);
  });

  it.each([
    ['GET /feed', restApi()],
    ['GET /feed', v2Api()],
    ['$default', v2Api({ routes: [apiRoute({ method: 'ANY', path: '$default' })] })],
    ['chat', v2Api({ protocol: 'WEBSOCKET', routes: [apiRoute({ method: 'WS', path: 'chat' })] })],
  ])('counts the requests to %s', (route, api) => {
    expect(view([api], requested(route))[0]?.routes[0]?.counts).toMatchObject({ requests: 1, throttled: 1 });
  });

  it('does not count for a route that another API has too: nobody could tell whose requests they are', () => {
    const views = view([restApi(), v2Api()], requested('GET /feed'));
    expect(views.map(({ routes }) => routes[0]?.counts)).toEqual([undefined, undefined]);
  });

  it('counts open connections of WebSocket APIs alone', () => {
    const views = view([v2Api(), v2Api({ protocol: 'WEBSOCKET', apiId: 'four' })]);
    expect(views.map(({ connections }) => connections)).toEqual([undefined, 4]);
  });

  it.each([
    [
      ['Stack-Api-7C94-free', 'Stack-Api-7C94-pro'],
      ['free', 'pro'],
    ],
    [
      ['free', 'pro'],
      ['free', 'pro'],
    ],
    [
      ['Stack-fast', 'Stack-faster'],
      ['fast', 'faster'],
    ],
    [['Stack-only'], ['Stack-only']],
  ])('calls the plans %j %j', (names, expected) => {
    const plans = names.map((name) => ({
      name,
      throttle: undefined,
      methodThrottles: [],
      quota: undefined,
      keys: ['k'],
    }));
    expect(view([restApi({ plans })])[0]?.plans.map(({ label, keys }) => [label, keys])).toEqual(
      expected.map((label) => [label, 1]),
    );
  });
});
