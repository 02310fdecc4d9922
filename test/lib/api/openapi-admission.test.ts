import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../../lib/api/dependency.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { admissionExtension, parkedAnswer } from '../../../lib/api/openapi-admission.ts';
import { OpenApiSchemas } from '../../../lib/api/openapi-schemas.ts';
import { Priority } from '../../../lib/api/priority.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import { WhenBehind } from '../../../lib/api/when-behind.ts';
import { Park } from '../../../lib/api/when-overloaded.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const plain = Route.get('/a', { scope: 'feed:read' });
const parking = Route.post('/a', {
  scope: 'feed:write',
  priority: Priority.SHEDDABLE,
  priorityByTier: { pro: Priority.CRITICAL },
  limits: [RateLimit.slidingWindow({ by: LimitBy.USER, max: 5, window: Duration.minutes(1) })],
  latencyTarget: Duration.millis(200),
  whenOverloaded: Park.for(Duration.minutes(5)),
  dependencies: [Dependency.optional('search')],
});

describe('admissionExtension', () => {
  it('says the priority of every route, and what else is declared', () => {
    expect(admissionExtension(plain)).toEqual({ priority: 'critical' });
    expect(admissionExtension(parking)).toEqual({
      priority: 'sheddable',
      priorityByTier: { pro: 'critical' },
      latencyTargetMs: 200,
      limits: [{ algorithm: 'sliding-window', name: 'user', by: ['user'], max: 5, windowSeconds: 60 }],
      parkForSeconds: 300,
      dependencies: [{ name: 'search', required: false }],
    });
  });
});

describe('admissionExtension of a route that makes work', () => {
  it('says what becomes of requests while the queue is behind', () => {
    const queue = new Queue(flaggedStack(), 'Video');
    const whenBehind = WhenBehind.byPriority({ name: 'video', queue, maxAge: Duration.minutes(2) });
    expect(admissionExtension(Route.post('/a', { scope: 'feed:write', whenBehind }))).toEqual({
      priority: 'critical',
      work: { queue: 'video', maxAgeSeconds: 120, whenBehind: 'by-priority' },
    });
  });
});

describe('parkedAnswer', () => {
  it('describes 202 where a route parks, and nothing elsewhere', () => {
    const schemas = new OpenApiSchemas();
    expect(parkedAnswer(plain, schemas)).toEqual({});
    expect(schemas.components()).toEqual({});
    expect(parkedAnswer(parking, schemas)).toMatchObject({
      202: {
        headers: { Location: expect.anything(), 'Retry-After': expect.anything(), RateLimit: expect.anything() },
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ParkedAccepted' } } },
      },
    });
    expect(schemas.components()).toHaveProperty('ParkedAccepted');
  });
});
