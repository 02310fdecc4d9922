import { describe, expect, it } from 'vitest';
import { versionsOf } from '../../../../local/twin/functions/function-versions.ts';
import { arnPrefix, resourceOf } from '../../../support/running-functions.ts';

describe('versionsOf', () => {
  const versionOf = versionsOf([
    resourceOf('AWS::Lambda::Version', `${arnPrefix}:feed:1`, { FunctionName: 'feed' }),
    resourceOf('AWS::Lambda::Alias', `${arnPrefix}:feed:live`, { FunctionVersion: '1' }),
    resourceOf('AWS::Lambda::Alias', `${arnPrefix}:feed:next`, { FunctionVersion: '$LATEST' }),
  ]);

  it.each([
    [undefined, '$LATEST'],
    ['$LATEST', '$LATEST'],
    ['1', '1'],
    ['live', '1'],
    ['next', '$LATEST'],
    ['2', undefined],
    ['gone', undefined],
  ])('takes the qualifier %s for version %s', (qualifier, version) => {
    expect(versionOf('feed', qualifier)).toBe(version);
  });

  it('knows no version of a function that has none but the latest', () => {
    expect(versionOf('other', 'live')).toBeUndefined();
    expect(versionOf('other', undefined)).toBe('$LATEST');
  });
});
