import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { generatedName, removalOfNamed } from '../../../lib/messaging/generated-name.ts';

describe('generatedName', () => {
  const stack = new Stack();
  const nameOf = (id: string) => stack.resolve(generatedName(new Construct(stack, id), 'failed-records-17'));

  it('ends in the UUID of the stack, and fits a bucket', () => {
    const [prefix, uuid] = nameOf('One')['Fn::Join'][1];
    expect(prefix).toMatch(/^failed-records-17-[0-9a-f]{8}-$/);
    expect(uuid).toEqual({ 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] });
    expect(prefix.length + '01234567-89ab-cdef-0123-456789abcdef'.length).toBeLessThanOrEqual(63);
  });

  it('is another one for each construct of a stack', () => {
    expect(nameOf('Two')).not.toEqual(nameOf('Three'));
  });
});

describe('removalOfNamed', () => {
  it('leaves nothing of a creation that was rolled back: the next one in the same stack would find the name taken', () => {
    expect(removalOfNamed(RemovalPolicy.RETAIN)).toBe(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  });

  it('is as it was told where nothing is to stay', () => {
    expect(removalOfNamed(RemovalPolicy.DESTROY)).toBe(RemovalPolicy.DESTROY);
  });
});
