import { Match, Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { createFunctionRole } from '../../../lib/compute/function-role.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string[];
  readonly Condition?: unknown;
}

function statementsOf(inVpc: boolean): { statements: Statement[]; template: Template } {
  const stack = flaggedStack();
  createFunctionRole(stack, 'Role', { description: 'Echo', logGroup: new LogGroup(stack, 'Logs'), inVpc });
  const template = Template.fromStack(stack);
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  return { template, statements: policy?.Properties.PolicyDocument.Statement };
}

describe('createFunctionRole', () => {
  it('lets Lambda alone assume the role, and attaches no policy of AWS', () => {
    statementsOf(false).template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      ManagedPolicyArns: Match.absent(),
    });
  });

  it('permits to write to the one log group, and nothing else, outside of a VPC', () => {
    expect(statementsOf(false).statements.map(({ Action }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ]);
  });

  it('permits Lambda, and denies the code of any function, to make network interfaces in a VPC', () => {
    const [, allowed, denied] = statementsOf(true).statements;
    expect(allowed).toMatchObject({ Effect: 'Allow' });
    expect(allowed?.Condition).toBeUndefined();
    expect(denied).toMatchObject({ Effect: 'Deny', Action: allowed?.Action });
    expect(JSON.stringify(denied?.Condition)).toContain(':function:*');
  });
});
