import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { OpenIdConfiguration } from '../../../../lambdas/contract/identity.ts';
import { openIdConfiguration } from '../../../../lambdas/services/identity/openid-configuration.ts';

describe('openIdConfiguration', () => {
  it.each(['https://api.example.com/dev', 'https://api.example.com/dev/'])('names the addresses below %s', (issuer) => {
    const configuration = v.parse(OpenIdConfiguration, openIdConfiguration(issuer));
    expect(configuration).toMatchObject({
      issuer,
      jwks_uri: 'https://api.example.com/dev/.well-known/jwks.json',
      token_endpoint: 'https://api.example.com/dev/token/refresh',
      id_token_signing_alg_values_supported: ['ES256'],
    });
  });
});
