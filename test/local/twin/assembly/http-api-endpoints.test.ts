import { describe, expect, it } from 'vitest';
import { endpointRewrite } from '../../../../local/twin/assembly/endpoint-rewrite.ts';
import {
  apisV2,
  httpApiEndpoint,
  httpApiRules,
  webSocketApiRules,
} from '../../../../local/twin/assembly/http-api-endpoints.ts';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';

const local = 'http://127.0.0.1:3000';
const https = 'https://abc.execute-api.eu-west-1.amazonaws.com';
const wss = 'wss://abc.execute-api.eu-west-1.amazonaws.com';

describe('httpApiEndpoint', () => {
  it('has the scheme of the protocol', () => {
    expect(httpApiEndpoint('abc', 'eu-west-1', 'HTTP')).toBe(https);
    expect(httpApiEndpoint('abc', 'eu-west-1', 'WEBSOCKET')).toBe(wss);
  });
});

describe('httpApiRules', () => {
  it.each([
    [['$default'], `${https}/things`, `${local}/things`],
    [['dev'], `${https}/dev/things`, `${local}/things`],
    [['$default', 'dev'], `${https}/dev/things`, `${local}/dev/things`],
  ])('serve the stages %j: %s is %s', (stages, deployed, expected) => {
    expect(endpointRewrite(httpApiRules('abc', 'eu-west-1', stages, local))(deployed)).toBe(expected);
  });
});

describe('webSocketApiRules', () => {
  const rewrite = endpointRewrite(webSocketApiRules('abc', 'eu-west-1', local, 'http://127.0.0.1:4566'));

  it('send clients to the local port', () => {
    expect(rewrite(`${wss}/dev`)).toBe('ws://127.0.0.1:3000/dev');
  });

  it('send the management of connections to the AWS endpoint', () => {
    expect(rewrite(`${https}/dev`)).toBe('http://127.0.0.1:4566/abc/dev');
  });
});

describe('apisV2', () => {
  it('gives each API the resources that name it', () => {
    const resources = [
      resource('Api', 'a', { ProtocolType: 'HTTP' }),
      resource('Api', 'b', { ProtocolType: 'WEBSOCKET' }),
      resource('Route', 'r', { ApiId: 'b' }),
    ];
    expect(apisV2(resources).map(({ protocol, own }) => [protocol, own.map(({ physicalId }) => physicalId)])).toEqual([
      ['HTTP', ['a']],
      ['WEBSOCKET', ['b', 'r']],
    ]);
  });
});

function resource(type: string, physicalId: string, properties: Record<string, unknown>): ResolvedResource {
  return {
    type: `AWS::ApiGatewayV2::${type}`,
    logicalId: physicalId,
    physicalId,
    stackName: 'Stack',
    path: physicalId,
    properties,
    metadata: {},
  };
}
