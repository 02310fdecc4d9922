import { Validator } from '@seriousme/openapi-schema-validator';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { RouteSpecs } from '../../../lambdas/contract/route-spec.ts';
import { Idempotency, useIdempotency } from '../../../lib/api/idempotency.ts';
import { openApiDocument } from '../../../lib/api/openapi.ts';
import { Route } from '../../../lib/api/route.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { addEcho, newApi } from '../../support/api-factory.ts';

const scope = 'feed:write';
const post = (idempotency: Idempotency) => Route.post('/api/things', { scope, idempotency });

describe('Idempotency', () => {
  it('travels to the handler, without what is as by default', () => {
    const short = post(Idempotency.optional({ keepFor: Duration.hours(1) })).spec;
    expect(post(Idempotency.required()).spec.idempotency).toEqual({ required: true });
    expect(short.idempotency).toEqual({ required: false, keepForSeconds: 3_600 });
    expect(v.parse(RouteSpecs, JSON.stringify([post(Idempotency.required()).spec]))[0]?.idempotency).toEqual({
      required: true,
      keepForSeconds: 86_400,
    });
    expect(Route.post('/api/things', { scope }).spec).not.toHaveProperty('idempotency');
  });

  it.each([Duration.minutes(1), Duration.days(7)])('keeps answers for %s', (keepFor) => {
    expect(Idempotency.required({ keepFor }).keepFor).toBe(keepFor);
  });

  it.each([
    [Duration.seconds(59), '59 seconds'],
    [Duration.seconds(0), '0 seconds'],
    [Duration.seconds(604_801), '7 days 1 second'],
    [Duration.millis(60_500), '1 minute'],
    [Duration.seconds(Number.NaN), 'NaN'],
    [Duration.seconds(Number.POSITIVE_INFINITY), 'Infinity'],
  ])('fails to keep answers for %s', (keepFor, got) => {
    for (const create of [Idempotency.required, Idempotency.optional]) {
      expect(() => create({ keepFor })).toThrow(SpillwayError);
      expect(() => create({ keepFor })).toThrow(
        new RegExp(`idempotency: keepFor must be whole seconds between 1 minute and 7 days, got ${got}`),
      );
    }
  });
});

describe('validateIdempotency', () => {
  it('takes POST and PATCH', () => {
    const idempotency = Idempotency.required();
    expect(Route.patch('/a', { scope, idempotency }).idempotency).toBe(idempotency);
    expect(Route.post('/a', { scope, idempotency }).idempotency).toBe(idempotency);
  });

  it.each(['get', 'put', 'delete'] as const)('fails for %s', (method) => {
    expect(() => Route[method]('/a', { scope, idempotency: Idempotency.optional() })).toThrow(
      `idempotency is for POST and PATCH, got it on ${method.toUpperCase()}, which HTTP has sent twice without harm; leave it out`,
    );
  });

  it('fails for a public route', () => {
    expect(() => Route.post('/a', { scope: Route.PUBLIC, idempotency: Idempotency.optional() })).toThrow(
      "route 'POST /a': idempotency is for routes with a scope, as strangers would share their keys and read each other's answers; leave it out",
    );
  });

  it.each([true, 'required', null])('fails for %j', (idempotency) => {
    expect(() => Route.post('/a', { scope, idempotency: idempotency as never })).toThrow(
      /^route 'POST \/a': idempotency must be an Idempotency, got .*; use Idempotency\.required\(\) or \.optional\(\)$/,
    );
  });
});

describe('useIdempotency', () => {
  const synthesize = (isWired: boolean) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const service = addEcho(newApi(stack), 'Things', [post(Idempotency.required())]);
    const table = new TableV2(stack, 'Answers', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    if (isWired) useIdempotency(service, table);
    return () => app.synth().getStackByName('Stack').template;
  };

  it('tells the service its table, and permits what it does there', () => {
    const template = Template.fromJSON(synthesize(true)());
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [Env.IDEMPOTENCY_TABLE]: Match.anyValue() }) },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] }),
        ]),
      },
    });
  });

  it('fails the synthesis where a route takes a key and there is no table', () => {
    expect(synthesize(false)).toThrow(
      "service 'Things': route 'POST /api/things' takes an idempotency key, but there is no table for its answers; call useIdempotency(service, table)",
    );
  });
});

describe('an operation with idempotency in the OpenAPI document', () => {
  const documentOf = (idempotency: Idempotency) =>
    openApiDocument({
      routes: [{ service: 'Things', route: post(idempotency) }],
      scopes: { [scope]: 'write' },
      stageName: 'dev',
    });

  it('asks for the header, and names its refusals and what is said of an answer that is given again', async () => {
    const document = documentOf(Idempotency.required());
    expect(document.paths['/api/things']?.post).toMatchObject({
      parameters: [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
        },
      ],
      responses: {
        200: { headers: { 'Idempotency-Replayed': { $ref: '#/components/headers/Idempotency-Replayed' } } },
        400: { $ref: '#/components/responses/BadRequest' },
        409: { $ref: '#/components/responses/Conflict' },
        422: { $ref: '#/components/responses/UnprocessableContent' },
      },
    });
    const { errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(errors).toBeUndefined();
  });

  it('does not ask for it where it is optional', () => {
    const operation = documentOf(Idempotency.optional()).paths['/api/things']?.post as { parameters: object[] };
    expect(operation.parameters[0]).toMatchObject({ name: 'Idempotency-Key' });
    expect(operation.parameters[0]).not.toHaveProperty('required');
  });
});
