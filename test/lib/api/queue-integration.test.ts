import { type App, Duration, type Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { limitedRoutes } from '../../../lib/admission/limited-routes.ts';
import { Route } from '../../../lib/api/route.ts';
import type { ThrottledApi } from '../../../lib/api/throttled-api.ts';
import type { WorkTarget } from '../../../lib/api/work-target.ts';
import { addEcho, newApi } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const body = v.pipe(v.object({ text: v.string() }), v.title('Note'));
const scope = 'feed:write';
const throttle = { ratePerSecond: 7, burst: 9 };

interface World {
  readonly stack: Stack;
  readonly api: ThrottledApi;
  readonly activity: WorkTarget;
}

function world(): World {
  const stack = flaggedStack();
  const activity = { name: 'activity', queue: new Queue(stack, 'Activity'), maxAge: Duration.minutes(5) } as const;
  return { stack, api: newApi(stack), activity };
}

const toActivity = ({ activity }: World, path = '/api/activity') =>
  Route.toQueue('POST', path, activity, { scope, body, throttle });

describe('ThrottledApi.addQueueRoutes', () => {
  it('lets API Gateway send to the one queue, and nothing else', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given), toActivity(given, '/api/activity/again')]);
    const template = Template.fromStack(given.stack);
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('Queues'));
    expect(policies.map(([, { Properties }]) => Properties.PolicyDocument.Statement)).toEqual([
      [
        {
          Action: 'sqs:SendMessage',
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Activity/), 'Arn'] },
        },
      ],
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'apigateway.amazonaws.com' } }],
      },
    });
  });

  it('leaves no finding that nobody has acknowledged', () => {
    const given = world();
    const queue = Queue.fromQueueArn(given.stack, 'Elsewhere', 'arn:aws:sqs:eu-west-1:111122223333:dev-activity');
    given.api.addQueueRoutes('Activity', [toActivity({ ...given, activity: { ...given.activity, queue } })]);
    given.stack.node.tryRemoveChild('Activity');
    const app = given.stack.node.root as App;
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    Template.fromStack(given.stack).hasResourceProperties('AWS::ApiGateway::Method', {
      Integration: {
        Uri: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('sqs:path/')])] }),
      },
    });
  });

  it('asks for the key of a queue that has one', () => {
    const given = world();
    const key = new Key(given.stack, 'Key');
    const queue = new Queue(given.stack, 'Sealed', { encryption: QueueEncryption.KMS, encryptionMasterKey: key });
    given.api.addQueueRoutes('Activity', [toActivity({ ...given, activity: { ...given.activity, queue } })]);
    Template.fromStack(given.stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'sqs:SendMessage' }),
          Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
        ],
      },
    });
  });

  it('stays behind the authorizer, the usage plans, the throttle and the body’s model', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given)]);
    const template = Template.fromStack(given.stack);
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: Match.anyValue(),
      ApiKeyRequired: true,
      RequestValidatorId: Match.anyValue(),
      RequestModels: { 'application/json': Match.anyValue() },
      Integration: {
        Type: 'AWS',
        PassthroughBehavior: 'NEVER',
        TimeoutInMillis: 5_000,
        Credentials: Match.anyValue(),
        RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      },
    });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: Match.arrayWith([
        Match.objectLike({ ResourcePath: '/~1api~1activity', HttpMethod: 'POST', ThrottlingBurstLimit: 9 }),
      ]),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SPILLWAY_SCOPE_ROUTES: Match.stringLikeRegexp('POST/api/activity') } },
    });
  });

  it('declares every header that it maps, as API Gateway wants it', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given)]);
    const methods = Template.fromStack(given.stack).findResources('AWS::ApiGateway::Method', {
      Properties: { HttpMethod: 'POST' },
    });
    const [method] = Object.values(methods);
    const declared = method?.Properties.MethodResponses;
    const mapped = method?.Properties.Integration.IntegrationResponses;
    const headers = (responses: { StatusCode: string; ResponseParameters: object }[]) =>
      responses.map(({ StatusCode, ResponseParameters }) => [StatusCode, Object.keys(ResponseParameters).sort()]);
    expect(headers(mapped)).toEqual(headers(declared));
    expect(
      mapped.map(({ StatusCode, SelectionPattern }: Record<string, string>) => [StatusCode, SelectionPattern]),
    ).toEqual([
      ['202', '2\\d{2}'],
      ['413', '400'],
      ['503', undefined],
    ]);
  });

  it('is described like every other route, with what it answers and no limits', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given)]);
    const { paths, components } = given.api.openApiDocument();
    const operation = paths['/api/activity']?.post as { responses: Record<string, object>; [name: string]: unknown };
    expect(operation).toMatchObject({
      tags: ['Activity'],
      security: [{ bearer: [scope] }],
      'x-spillway': { queue: 'activity' },
    });
    expect(Object.keys(operation.responses)).toEqual(['202', '400', '401', '403', '413', '429', '500', '503', '504']);
    expect(operation.responses[202]).toEqual({
      description: 'Accepted',
      headers: { 'Work-Id': { $ref: '#/components/headers/Work-Id' } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/QueuedAccepted' } } },
    });
    expect(components.headers).toHaveProperty('Work-Id');
  });

  it('is nothing that a service of limits counts', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given)]);
    addEcho(given.api, 'Echo', [Route.get('/echo', { scope })]);
    const text = given.stack.resolve(limitedRoutes(given.api)) as string;
    expect(text).toContain('GET /echo');
    expect(text).not.toContain('/api/activity');
  });

  it('fails for routes that end elsewhere, and services for routes to queues', () => {
    const given = world();
    const route = Route.get('/echo', { scope });
    expect(() => given.api.addQueueRoutes('Activity', [toActivity(given), route])).toThrow(
      "queue routes 'Activity': route 'GET /echo' cannot be among its routes, as it leads to a service; give it to addService",
    );
    expect(() => addEcho(given.api, 'Echo', [route, toActivity(given)])).toThrow(
      "service 'Echo': route 'POST /api/activity' cannot be among its routes, as it leads to a queue; give it to addQueueRoutes",
    );
    expect(() => given.api.addQueueRoutes('Activity', [])).toThrow(
      "queue routes 'Activity': routes must hold at least one, got none",
    );
  });

  it('fails for two queues of one name', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given)]);
    const other = { ...given.activity, queue: new Queue(given.stack, 'Other') };
    expect(() => given.api.addQueueRoutes('More', [toActivity({ ...given, activity: other }, '/api/more')])).toThrow(
      "queues must have different names, got 'activity' for Stack/Activity and Stack/Other",
    );
  });

  it('fails for a route that there is already', () => {
    const given = world();
    given.api.addQueueRoutes('Activity', [toActivity(given)]);
    expect(() => given.api.addQueueRoutes('More', [toActivity(given)])).toThrow(
      "route 'POST /api/activity' is declared twice, by services 'Activity' and 'More'; remove one",
    );
  });
});
