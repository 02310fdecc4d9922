import { describe, expect, it } from 'vitest';
import { describeTwin } from '../../../local/twin/describe-twin.ts';
import type { Twin } from '../../../local/twin/twin.ts';
import { apiRoute, restApi, v2Api } from '../../support/running-api.ts';
import { resource } from '../../support/running-aws.ts';

function describeWith(changes: Partial<Twin>): string {
  return describeTwin({
    apis: [],
    awsEndpointUrl: 'http://127.0.0.1:4000',
    consoleUrl: 'http://127.0.0.1:5000',
    cache: undefined,
    notices: [],
    ignored: [],
    resources: [],
    functions: { status: () => [] },
    iamReport: () => ({ mode: 'enforce', denied: [], unused: [] }),
    ...changes,
  } as unknown as Twin);
}

const declared = (...types: string[]) => types.map((type, index) => resource(type, String(index), {}));

describe('describeTwin', () => {
  it('lists every API with its address and kind', () => {
    const text = describeWith({
      apis: [restApi(), v2Api(), v2Api({ protocol: 'WEBSOCKET', name: 'Chat', stages: ['live'] })],
    });
    expect(text).toContain('  API        http://127.0.0.1:3000  (REST, Rest, stage dev)\n');
    expect(text).toContain('  API        http://127.0.0.1:3001  (HTTP, Http, stage $default)\n');
    expect(text).toContain('  API        ws://127.0.0.1:3001/live  (WebSocket, Chat, stage live)\n');
  });

  it('counts stores and events, one by one, and leaves out what there is none of', () => {
    const text = describeWith({
      resources: declared(
        'AWS::DynamoDB::Table',
        'AWS::DynamoDB::GlobalTable',
        'AWS::SNS::Topic',
        'AWS::SSM::Parameter',
        'AWS::Events::Rule',
        'AWS::Events::Rule',
      ),
    });
    expect(text).toContain('  stores     2 tables, 1 topic, 1 parameter\n');
    expect(text).toContain('  events     2 rules\n');
    expect(describeWith({})).not.toMatch(/stores|events|cache/);
  });

  it.each([
    ['enforce', 'enforced: what no policy grants is denied'],
    ['warn', 'only warns'],
  ] as const)('says what IAM does in the mode %s', (mode, words) => {
    expect(describeWith({ iamReport: () => ({ mode, denied: [], unused: [] }) })).toContain(`  IAM        ${words}\n`);
  });

  it('says each plan once, by its short name', () => {
    const plan = (name: string) => ({ name, throttle: undefined, methodThrottles: [], quota: undefined, keys: [] });
    const plans = [
      {
        ...plan('Api-free'),
        throttle: { ratePerSecond: 5, burst: 10 },
        quota: { limit: 9, period: 'DAY' as const, offset: 0 },
      },
      plan('Api-pro'),
    ];
    const text = describeWith({ apis: [restApi({ plans }), restApi({ plans })] });
    expect(text.match(/ {2}plan .*/g)).toEqual([
      '  plan       free: 5/s, burst 10; 9 per day',
      '  plan       pro: no limits',
    ]);
  });

  it('says a sentence about an ignored property once for all resources of a type', () => {
    const ignored = ["AWS::SQS::Queue 'A': Colour is ignored: why", "AWS::SQS::Queue 'B': Colour is ignored: why"];
    expect(describeWith({ ignored })).toContain('  ignored    2 × SQS::Queue: Colour is ignored: why\n');
  });

  it('says five sentences about ignored properties, and how many more there are', () => {
    const sentences = (count: number) =>
      Array.from({ length: count }, (_, at) => `AWS::SQS::Queue 'A': P${at} is ignored`);
    expect(describeWith({ ignored: sentences(5) }).match(/ {2}ignored /g)).toHaveLength(5);
    expect(describeWith({ ignored: sentences(7) })).toContain('  ignored    2 more; the console lists them\n');
  });

  it('counts what has no effect', () => {
    const alarms = { type: 'AWS::CloudWatch::Alarm', count: 16 };
    expect(describeWith({ notices: [alarms] })).toContain('  no effect  16 × CloudWatch::Alarm\n');
    expect(describeWith({ notices: [alarms, { type: 'AWS::EC2::VPC', count: 1 }] })).toContain(
      '  no effect  17 resources of 2 types; the console lists them\n',
    );
  });

  it.each([
    [
      'a sign-up before all others',
      restApi({ routes: [apiRoute(), apiRoute({ method: 'POST', path: '/signup' })] }),
      '3000/signup -H',
    ],
    [
      'a route without token and key',
      restApi({
        routes: [
          apiRoute({ path: '/a', apiKeyRequired: true }),
          apiRoute({ path: '/b', authorizer: 'A' }),
          apiRoute({ path: '/c' }),
        ],
      }),
      '3000/c',
    ],
    [
      'no path with parameters',
      restApi({ routes: [apiRoute({ path: '/a/{id}' }), apiRoute({ path: '/b' })] }),
      '3000/b',
    ],
    ['the catch-all of an HTTP API', v2Api({ routes: [apiRoute({ method: 'ANY', path: '$default' })] }), '3001/'],
  ])('says a first command: %s', (_what, api, expected) => {
    expect(describeWith({ apis: [api] })).toContain(`Try it:\n  curl -i http://127.0.0.1:${expected}`);
  });

  it('says no command where none works at once', () => {
    const apis = [v2Api({ protocol: 'WEBSOCKET' }), restApi({ routes: [apiRoute({ apiKeyRequired: true })] })];
    expect(describeWith({ apis })).not.toContain('Try it');
  });
});
