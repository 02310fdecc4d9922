import { describe, expect, it } from 'vitest';
import { AWS_MANAGED_POLICIES, awsManagedPolicy } from '../../../../../local/twin/aws/iam/managed-policies.ts';
import { parsePolicy } from '../../../../../local/twin/aws/iam/model/policy.ts';

describe('awsManagedPolicy', () => {
  it.each(AWS_MANAGED_POLICIES)('has %s as a policy', (name) => {
    expect(parsePolicy(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)).statements).toHaveLength(1);
  });

  it('has those that CDK gives functions and APIs', () => {
    const given = [
      'service-role/AWSLambdaBasicExecutionRole',
      'service-role/AWSLambdaVPCAccessExecutionRole',
      'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
      'CloudWatchLambdaInsightsExecutionRolePolicy',
      'AWSXRayDaemonWriteAccess',
    ];
    expect(AWS_MANAGED_POLICIES).toEqual(expect.arrayContaining(given));
  });

  it('has no other', () => {
    expect(awsManagedPolicy('arn:aws:iam::aws:policy/Nothing')).toBeUndefined();
    expect(awsManagedPolicy('arn:aws:iam::000000000000:policy/AdministratorAccess')).toBeUndefined();
  });
});
