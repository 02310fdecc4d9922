import { describe, expect, it } from 'vitest';
import { deadLetterArns } from '../../../../local/twin/console/dead-letter-arns.ts';
import { resource } from '../../../support/running-aws.ts';

describe('deadLetterArns', () => {
  it.each([
    ['a queue', { RedrivePolicy: { deadLetterTargetArn: 'arn:dead', maxReceiveCount: 3 } }],
    ['a function', { DeadLetterConfig: { TargetArn: 'arn:dead' } }],
    ['a target of a rule', { Targets: [{ Arn: 'arn:other', DeadLetterConfig: { Arn: 'arn:dead' } }] }],
    ['an event source', { DestinationConfig: { OnFailure: { Destination: 'arn:dead' } } }],
  ])('finds where the dead letters of %s go', (_what, properties) => {
    expect([...deadLetterArns([resource('AWS::Any::Type', 'x', properties)])]).toEqual(['arn:dead']);
  });

  it('finds nothing in other properties, however they are nested', () => {
    const properties = { Arn: 'arn:a', OnSuccess: { Destination: 'arn:b' }, DeadLetterConfig: {}, OnFailure: null };
    expect([...deadLetterArns([resource('AWS::Any::Type', 'x', properties)])]).toEqual([]);
  });
});
