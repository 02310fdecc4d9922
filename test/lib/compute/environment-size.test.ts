import { Aws, CfnResource, Fn } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { environmentBytes, UNKNOWN_VALUE_BYTES } from '../../../lib/compute/environment-size.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

describe('environmentBytes', () => {
  const stack = flaggedStack();
  const resource = new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic' });

  it('counts names and values in UTF-8 bytes', () => {
    expect(environmentBytes(stack, { AB: 'cd', E: 'ä' })).toBe(2 + 2 + 1 + 2);
  });

  it('counts a resource attribute as an estimate, and a pseudo parameter at its longest', () => {
    expect(environmentBytes(stack, { A: resource.getAtt('Arn').toString() })).toBe(1 + UNKNOWN_VALUE_BYTES);
    expect(environmentBytes(stack, { A: resource.ref })).toBe(1 + UNKNOWN_VALUE_BYTES);
    expect(environmentBytes(stack, { A: Aws.REGION })).toBe(1 + 'ap-southeast-2'.length);
  });

  it('adds up a join, separators included', () => {
    const url = Fn.join('-', ['https://', resource.ref, '/dev']);
    expect(environmentBytes(stack, { A: url })).toBe(1 + 8 + 1 + UNKNOWN_VALUE_BYTES + 1 + 4);
  });

  it('counts nothing for nothing', () => {
    expect(environmentBytes(stack, {})).toBe(0);
  });
});
