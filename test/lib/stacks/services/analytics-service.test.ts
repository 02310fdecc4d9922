import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addActivity, addAnalyticsService } from '../../../../lib/stacks/services/analytics-service.ts';
import { routeNamed, stageContext } from '../../../support/stage-context.ts';

const context = stageContext();
const { data, stack } = context;
addAnalyticsService(context);
addActivity(context);
const template = Template.fromStack(stack);

/** What the function with this handler may do to tables, in order of the actions' names. */
function tableActionsOf(handler: string): string[] {
  const roles = template.findResources('AWS::IAM::Role', {
    Properties: { Description: `Role of the function '${handler}'` },
  });
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref in roles))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action }: { Action: string | string[] }) => Action)
    .filter((action) => action.startsWith('dynamodb:'))
    .toSorted();
}

describe('addAnalyticsService', () => {
  it('answers administrators, for some seconds from the cache, and is the first to be shed', () => {
    expect(routeNamed(context, 'GET /api/analytics').spec).toMatchObject({
      scope: 'analytics:read',
      priority: 'sheddable',
      cacheForSeconds: 10,
    });
  });

  it('gives its worker nothing but what it writes, and what it looks up where an event came again', () => {
    expect(tableActionsOf('workers/analytics')).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ]);
    expect(tableActionsOf('services/analytics')).toEqual(['dynamodb:Query']);
  });

  it('can read the posts of a day by their views', () => {
    Template.fromStack(data).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byViews',
          KeySchema: [
            { AttributeName: 'period', KeyType: 'HASH' },
            { AttributeName: 'views', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      AttributeDefinitions: Match.arrayWith([{ AttributeName: 'views', AttributeType: 'N' }]),
    });
  });
});

describe('addActivity', () => {
  it('takes what callers tell without a function', () => {
    expect(routeNamed(context, 'POST /api/activity').queued?.target.name).toBe('activity');
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      Integration: Match.objectLike({ Type: 'AWS' }),
    });
  });

  it('has a worker that may add to the outbox, and do nothing else there', () => {
    expect(tableActionsOf('workers/activity')).toEqual(['dynamodb:PutItem']);
  });
});
