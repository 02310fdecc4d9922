import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../../../lambdas/authorizer/policy.ts';

const STAGE_ARN = 'arn:aws:execute-api:eu-central-1:123456789012:api1234567/dev';
const METHOD_ARN = `${STAGE_ARN}/GET/api/feed`;
const scopeRoutes = {
  'feed:read': ['GET/api/feed'],
  'feed:write': ['POST/api/feed', 'GET/api/feed'],
  'follows:write': ['PUT/api/follows/*', 'DELETE/api/follows/*'],
};

describe('buildPolicy', () => {
  it('allows every route of the scopes in one statement, each once, whichever is called', () => {
    expect(buildPolicy(METHOD_ARN, ['feed:read', 'feed:write', 'follows:write'], scopeRoutes)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'execute-api:Invoke',
          Resource: ['GET/api/feed', 'POST/api/feed', 'PUT/api/follows/*', 'DELETE/api/follows/*'].map(
            (pattern) => `${STAGE_ARN}/${pattern}`,
          ),
        },
      ],
    });
  });

  it.each([[[]], [['unknown']], [['constructor', 'toString']]])('denies everything for the scopes %j', (scopes) => {
    expect(buildPolicy(METHOD_ARN, scopes, scopeRoutes).Statement).toEqual([
      { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: [`${STAGE_ARN}/*`] },
    ]);
  });

  it('reads the ARN of the root resource, and of another partition', () => {
    const arn = 'arn:aws-cn:execute-api:cn-north-1:123456789012:api1234567/prod/GET/';
    expect(buildPolicy(arn, [], scopeRoutes).Statement).toMatchObject([
      { Resource: ['arn:aws-cn:execute-api:cn-north-1:123456789012:api1234567/prod/*'] },
    ]);
  });

  it('fails for something else than a method ARN', () => {
    expect(() => buildPolicy('arn:aws:x', [], scopeRoutes)).toThrow(
      new RangeError("the method ARN must name API, stage and method, got 'arn:aws:x'"),
    );
  });
});
