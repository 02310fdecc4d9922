import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledgeWildcard } from '../../lib/acknowledge-wildcard.ts';
import { PROTECTED_BUCKET } from '../../lib/data/protected-bucket.ts';
import { flaggedApp } from '../support/flagged-app.ts';

/** What cdk-nag says of a policy with two wildcards, of which one is acknowledged. */
function findings(app: App, bucketStack = 'Data'): string[] {
  const stack = new Stack(app, 'Service');
  const owner = bucketStack === 'Service' ? stack : new Stack(app, bucketStack);
  const { bucketArn } = new Bucket(owner, 'Files', { ...PROTECTED_BUCKET, removalPolicy: RemovalPolicy.DESTROY });
  const policy = new Policy(stack, 'Policy', {
    roles: [new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })],
    statements: [
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [`${bucketArn}/a/*`, `${bucketArn}/b/*`] }),
    ],
  });
  acknowledgeWildcard(policy, `${bucketArn}/a/*`, 'Keys are made up later.');
  app.synth();
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  return violations.map(({ ruleName }) => ruleName).filter((name) => name.startsWith('AwsSolutions-IAM5'));
}

describe('acknowledgeWildcard', () => {
  it.each([
    ['of the same stack', () => findings(flaggedApp(), 'Service')],
    ['of another stack, by a weak reference', () => findings(flaggedApp())],
    ['of another stack, by a strong reference', () => findings(new App())],
  ])('leaves one resource alone, %s, and no other', (_name, found) => {
    expect(found()).toEqual([expect.stringMatching(/\/b\/\*\]$/)]);
  });
});
