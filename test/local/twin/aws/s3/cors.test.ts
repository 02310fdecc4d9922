import { describe, expect, it } from 'vitest';
import { corsHeaders, corsRules, preflight } from '../../../../../local/twin/aws/s3/cors.ts';

const rules = corsRules([
  {
    AllowedOrigins: ['https://*.example.com'],
    AllowedMethods: ['POST', 'PUT'],
    AllowedHeaders: ['x-amz-*', 'Content-Type'],
    ExposedHeaders: ['ETag'],
    MaxAge: '600',
  },
  { AllowedOrigins: ['*'], AllowedMethods: ['GET'] },
]);
const origin = 'https://app.example.com';

describe('preflight', () => {
  it('answers by the first rule that fits', () => {
    const headers = ['content-type', 'X-Amz-Meta-Owner'];
    expect(preflight(rules, { origin, method: 'POST', headers })).toEqual({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': 'POST, PUT',
      'Access-Control-Allow-Headers': 'content-type, X-Amz-Meta-Owner',
      'Access-Control-Expose-Headers': 'ETag',
      'Access-Control-Max-Age': '600',
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    });
    expect(preflight(rules, { origin: 'https://other.org', method: 'GET', headers: [] })).toMatchObject({
      'Access-Control-Allow-Origin': '*',
    });
  });

  it.each([
    ['another origin', { origin: 'https://example.org', method: 'POST', headers: [] }],
    ['an origin that is no more than the pattern', { origin: 'https://.example.co', method: 'POST', headers: [] }],
    ['another method', { origin, method: 'DELETE', headers: [] }],
    ['another header', { origin, method: 'POST', headers: ['authorization'] }],
  ])('fails on %s', (_, request) => {
    expect(() => preflight(rules, request)).toThrow(/^CORSResponse: This CORS request is not allowed\./);
  });

  it('fails where the bucket has no rules', () => {
    expect(() => preflight([], { origin, method: 'GET', headers: [] })).toThrow(
      'CORSResponse: CORS is not enabled for this bucket.',
    );
  });
});

describe('corsHeaders', () => {
  it('has nothing for a page that no rule names', () => {
    expect(corsHeaders(rules, { origin: 'https://example.org', method: 'POST', headers: [] })).toEqual({});
  });
});
