import { createAccountsTable } from '../../adapters/accounts-table.ts';
import { createCachedValue } from '../../adapters/cached-value.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createIdGenerator } from '../../adapters/id-generator.ts';
import { createPasswordHasher } from '../../adapters/password-hash.ts';
import { parseVariable, readVariable } from '../../adapters/read-environment.ts';
import { createSecretsClient, readSecret } from '../../adapters/secrets.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { createSessionsTable } from '../../adapters/sessions-table.ts';
import { createTenantsTable } from '../../adapters/tenants-table.ts';
import { createVerificationKeys } from '../../adapters/verification-keys.ts';
import { Env } from '../../contract/environment.ts';
import { SecondsVariable } from '../../contract/seconds-variable.ts';
import { SIGNING_KEY_CACHE_SECONDS } from '../../contract/signing-key.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { createAccessTokens } from './access-token.ts';
import { identityRoutes } from './identity-routes.ts';
import { loadSigningKey } from './signing-key.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const { clock, logger } = runtime;
const documents = createDocumentClient();
const secrets = createSecretsClient();
const signingKeySecret = readVariable(env, Env.SIGNING_KEY_SECRET);
const issuer = readVariable(env, Env.ISSUER);
const nextId = createIdGenerator(clock);

const signingKey = createCachedValue(() => loadSigningKey(() => readSecret(secrets, signingKeySecret)), clock, {
  refreshAfterMs: (SIGNING_KEY_CACHE_SECONDS / 2) * 1_000,
  expireAfterMs: SIGNING_KEY_CACHE_SECONDS * 1_000,
});

export const handler = createServiceHandler({
  ...runtime,
  handlers: identityRoutes({
    accounts: createAccountsTable(documents, readVariable(env, Env.ACCOUNTS_TABLE)),
    sessions: createSessionsTable(documents, readVariable(env, Env.SESSIONS_TABLE)),
    tenants: createTenantsTable(documents, readVariable(env, Env.TENANTS_TABLE)),
    verificationKeys: createVerificationKeys(documents, readVariable(env, Env.VERIFICATION_KEYS_TABLE)),
    passwords: createPasswordHasher(),
    accessTokens: createAccessTokens({
      signingKey,
      issuer,
      audience: readVariable(env, Env.AUDIENCE),
      lifetimeSeconds: parseVariable(env, Env.ACCESS_TOKEN_SECONDS, SecondsVariable),
      nextId,
      clock,
    }),
    familySeconds: parseVariable(env, Env.REFRESH_TOKEN_SECONDS, SecondsVariable),
    issuer,
    nextId,
    clock,
    logger,
  }),
});
