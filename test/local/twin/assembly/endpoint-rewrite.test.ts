import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointRewrite } from '../../../../local/twin/assembly/endpoint-rewrite.ts';

const rewrite = endpointRewrite([
  { deployed: 'https://abc.execute-api.eu-west-1.amazonaws.com', local: 'http://127.0.0.1:3000' },
  { deployed: 'https://abc.execute-api.eu-west-1.amazonaws.com/dev', local: 'http://127.0.0.1:3000' },
  { deployed: 'rediss://cache.example:6379', local: 'redis://127.0.0.1:6379' },
]);

describe('endpointRewrite', () => {
  it('takes the stage out of the path', () => {
    expect(rewrite('https://abc.execute-api.eu-west-1.amazonaws.com/dev/login')).toBe('http://127.0.0.1:3000/login');
  });

  it('rewrites inside of JSON text, lists and objects', () => {
    const ISSUERS = JSON.stringify([{ issuer: 'https://abc.execute-api.eu-west-1.amazonaws.com/dev' }]);
    expect(rewrite({ ISSUERS, urls: ['rediss://cache.example:6379/0'] })).toEqual({
      ISSUERS: '[{"issuer":"http://127.0.0.1:3000"}]',
      urls: ['redis://127.0.0.1:6379/0'],
    });
  });

  it('leaves every other value as it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void expect(rewrite(value)).toEqual(value)));
  });
});
