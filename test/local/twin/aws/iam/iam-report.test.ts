import { describe, expect, it } from 'vitest';
import { formatIamReport } from '../../../../../local/twin/aws/iam/iam-report.ts';
import { answer, arnOf, feed, functionIn, iamOf, roleThatMay } from '../../../../support/iam-resources.ts';

const posts = arnOf('dynamodb', 'table/posts');
const follows = arnOf('dynamodb', 'table/follows');

describe('iam report', () => {
  const statements = [
    { Action: ['dynamodb:PutItem', 'dynamodb:Query'], Resource: [posts, follows] },
    { Action: 'sqs:*' },
    { Action: ['logs:PutLogEvents', 'xray:PutTraceSegments', 'ec2:CreateNetworkInterface', 'elasticache:Connect'] },
    { Effect: 'Deny', Action: 'dynamodb:Scan' },
  ];

  it('lists what nothing used, action by action and resource by resource, as the template has it', () => {
    const iam = iamOf([roleThatMay('Feed', ...statements), functionIn('Feed')]);
    answer(iam, feed, 'dynamodb', 'PutItem', { TableName: 'posts' });
    answer(iam, feed, 'dynamodb', 'Query', { TableName: 'follows' });
    const grant = (action: string, resource: string) => ({ role: 'Feed', policy: 'Own', action, resource });
    expect(iam.report().unused).toEqual([
      grant('dynamodb:PutItem', follows),
      grant('dynamodb:Query', posts),
      grant('sqs:*', '*'),
    ]);
  });

  it('takes a wildcard for used once anything matched it', () => {
    const iam = iamOf([roleThatMay('Feed', { Action: 'sqs:*' }), functionIn('Feed')]);
    answer(iam, feed, 'sqs', 'SendMessage', { QueueUrl: 'http://x/0/work' });
    expect(iam.report().unused).toEqual([]);
  });

  it('does not take what a denied call asked for as used', () => {
    const iam = iamOf([
      roleThatMay('Feed', { Action: 'dynamodb:PutItem' }, { Effect: 'Deny', Action: 'dynamodb:*', Resource: posts }),
      functionIn('Feed'),
    ]);
    answer(iam, feed, 'dynamodb', 'PutItem', { TableName: 'posts' });
    expect(iam.report().unused.map(({ action }) => action)).toEqual(['dynamodb:PutItem']);
    expect(iam.report().denied.map(({ count }) => count)).toEqual([1]);
  });

  it('remembers what was used when templates change', () => {
    const resources = [roleThatMay('Feed', { Action: 'dynamodb:PutItem' }), functionIn('Feed')];
    const iam = iamOf(resources);
    answer(iam, feed, 'dynamodb', 'PutItem', { TableName: 'posts' });
    iam.apply(resources);
    expect(iam.report().unused).toEqual([]);
  });

  it('is a table for people', () => {
    const iam = iamOf([roleThatMay('Feed', ...statements), functionIn('Feed')], { mode: 'warn' });
    for (const name of ['posts', 'posts']) answer(iam, feed, 'dynamodb', 'GetItem', { TableName: name });
    expect(formatIamReport(iam.report()).split('\n')).toEqual([
      'Calls that IAM would deny in AWS:',
      `       2 × User: arn:aws:sts::000000000000:assumed-role/Feed/feed is not authorized to perform: dynamodb:GetItem on resource: ${posts} because no identity-based policy allows the dynamodb:GetItem action`,
      'Granted, and used by nothing in this run:',
      `  Feed  dynamodb:PutItem, dynamodb:Query  ${posts}`,
      `  Feed  dynamodb:PutItem, dynamodb:Query  ${follows}`,
      '  Feed  sqs:*                             *',
    ]);
  });

  it('is empty where there is nothing to say', () => {
    expect(formatIamReport(iamOf([]).report())).toBe('');
  });
});
