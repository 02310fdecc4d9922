import { Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import type { SignatureAlgorithm } from '../../../lambdas/contract/issuer-spec.ts';
import { type OutsideIssuerProps, TokenIssuer } from '../../../lib/api/token-issuer.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { ownIssuer } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const outside = (props: Partial<OutsideIssuerProps>) =>
  TokenIssuer.outside({
    issuer: 'https://id.example.com',
    audience: 'spillway',
    jwksUri: 'https://id.example.com/jwks.json',
    algorithms: ['RS256'],
    ...props,
  });

describe('TokenIssuer', () => {
  it('is our own or an outside one', () => {
    expect(ownIssuer(flaggedStack())).toMatchObject({ ownProps: { audience: 'spillway-test' } });
    expect(outside({}).outsideProps).toMatchObject({ issuer: 'https://id.example.com', algorithms: ['RS256'] });
  });

  it('leaves alone a URL that only CloudFormation will know', () => {
    expect(() => outside({ jwksUri: Token.asString({ Ref: 'Parameter' }) })).not.toThrow();
  });

  it.each(['http://id.example.com/jwks.json', 'id.example.com', ''])("fails on keys from '%s'", (jwksUri) => {
    expect(() => outside({ jwksUri })).toThrow(
      new SpillwayError(
        'invalid-issuer',
        `issuer 'https://id.example.com': jwksUri must be an https URL, got '${jwksUri}'`,
      ),
    );
  });

  it.each([
    [[], 'none'],
    [['HS256'], "'HS256'"],
    [['RS256', 'none'], "'none'"],
  ])('fails on the algorithms %j', (algorithms, got) => {
    expect(() => outside({ algorithms: algorithms as SignatureAlgorithm[] })).toThrow(
      new SpillwayError(
        'invalid-issuer',
        "issuer 'https://id.example.com': algorithms must be some of ES256, ES384, ES512, RS256, RS384, RS512, PS256, " +
          `PS384, PS512, EdDSA, got ${got}`,
      ),
    );
  });

  it('fails without an issuer or an audience', () => {
    expect(() => outside({ issuer: '' })).toThrow('issuer: issuer must not be empty');
    expect(() => outside({ audience: '' })).toThrow("issuer 'https://id.example.com': audience must not be empty");
    expect(() => ownIssuer(flaggedStack(), { audience: '' })).toThrow('own issuer: audience must not be empty');
  });

  it('fails on a claim without a name', () => {
    expect(() => outside({ tierClaim: '' })).toThrow("issuer 'https://id.example.com': tierClaim must not be empty");
    expect(() => outside({ tenantClaim: '' })).toThrow(
      "issuer 'https://id.example.com': tenantClaim must not be empty",
    );
    expect(() => ownIssuer(flaggedStack(), { tenantClaim: '' })).toThrow('own issuer: tenantClaim must not be empty');
    expect(() => outside({ scopeClaim: '' })).toThrow("issuer 'https://id.example.com': scopeClaim must not be empty");
  });
});
