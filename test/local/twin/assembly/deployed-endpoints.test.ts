import { describe, expect, test } from 'vitest';
import { restApis } from '../../../../local/twin/assembly/deployed-endpoints.ts';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { resource } from '../../../support/rest-api-resources.ts';

const ids = (resources: readonly ResolvedResource[]) => resources.map(({ logicalId }) => logicalId);
const resources = [
  resource('RestApi', 'A', {}),
  resource('RestApi', 'B', {}),
  resource('RestApi', 'Draft', {}),
  resource('Stage', 'A-dev', { RestApiId: 'A', StageName: 'dev' }),
  resource('Stage', 'A-prod', { RestApiId: 'A', StageName: 'prod' }),
  resource('Stage', 'B-dev', { RestApiId: 'B', StageName: 'dev' }),
  resource('Method', 'A-get', { RestApiId: 'A' }),
  resource('Method', 'B-get', { RestApiId: 'B' }),
  resource('UsagePlan', 'plan', {}),
];

describe('restApis', () => {
  test('gives each stage its API, itself, and what every API has', () => {
    expect(restApis(resources).map(({ api, stage, own }) => [api.logicalId, stage.logicalId, ids(own)])).toEqual([
      ['A', 'A-dev', ['A', 'A-dev', 'A-get', 'plan']],
      ['A', 'A-prod', ['A', 'A-prod', 'A-get', 'plan']],
      ['B', 'B-dev', ['B', 'B-dev', 'B-get', 'plan']],
    ]);
  });

  test('leaves out an API without a stage, and finds none where there is none', () => {
    expect(restApis([resource('RestApi', 'Draft', {})])).toEqual([]);
    expect(restApis([])).toEqual([]);
  });
});
