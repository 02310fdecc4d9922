import { describe, expect, it } from 'vitest';
import { apiAddresses, apiKind, apiStages } from '../../../../local/twin/console/api-address.ts';
import { restApi, v2Api } from '../../../support/running-api.ts';

describe('apiKind', () => {
  it.each([
    ['REST', restApi()],
    ['HTTP', v2Api()],
    ['WebSocket', v2Api({ protocol: 'WEBSOCKET' })],
  ])('tells %s', (kind, api) => {
    expect(apiKind(api)).toBe(kind);
  });
});

describe('apiAddresses', () => {
  it('serves a stage of a REST API without its name', () => {
    expect([apiStages(restApi()), apiAddresses(restApi())]).toEqual([['dev'], ['http://127.0.0.1:3000']]);
  });

  it.each([
    [['$default'], ['http://127.0.0.1:3001']],
    [['v1'], ['http://127.0.0.1:3001']],
    [
      ['$default', 'v1'],
      ['http://127.0.0.1:3001', 'http://127.0.0.1:3001/v1'],
    ],
    [[], ['http://127.0.0.1:3001']],
  ])('serves the stages %j of an HTTP API', (stages, addresses) => {
    expect(apiAddresses(v2Api({ stages }))).toEqual(addresses);
  });

  it('gives a WebSocket API its own scheme, and the stage in the path', () => {
    expect(apiAddresses(v2Api({ protocol: 'WEBSOCKET', stages: ['live'] }))).toEqual(['ws://127.0.0.1:3001/live']);
  });
});
