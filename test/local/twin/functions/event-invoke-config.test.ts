import { describe, expect, it } from 'vitest';
import { eventInvokeConfigs } from '../../../../local/twin/functions/event-invoke-config.ts';
import { arnPrefix, resourceOf } from '../../../support/running-functions.ts';

describe('eventInvokeConfigs', () => {
  const configOf = eventInvokeConfigs([
    resourceOf('AWS::Lambda::EventInvokeConfig', 'c1', {
      FunctionName: 'feed',
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: '60',
      DestinationConfig: { OnSuccess: { Destination: 'arn:success' }, OnFailure: { Destination: 'arn:failure' } },
    }),
    resourceOf('AWS::Lambda::EventInvokeConfig', 'c2', { FunctionName: `${arnPrefix}:feed`, Qualifier: 'live' }),
  ]);

  it('reads what is set', () => {
    expect(configOf('feed', undefined)).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeMs: 60_000,
      onSuccessArn: 'arn:success',
      onFailureArn: 'arn:failure',
    });
  });

  it.each([
    ['what is not set', 'feed', 'live'],
    ['a qualifier without a configuration', 'feed', '1'],
    ['a function without one', 'other', undefined],
  ])("takes AWS's defaults for %s", (_, name, qualifier) => {
    expect(configOf(name, qualifier)).toMatchObject({ maximumRetryAttempts: 2, maximumEventAgeMs: 21_600_000 });
  });
});
