import { createAccountsTable } from '../../adapters/accounts-table.ts';
import { createApiKeys } from '../../adapters/api-keys.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createIdGenerator } from '../../adapters/id-generator.ts';
import { parseVariable, readVariable } from '../../adapters/read-environment.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { createTenantsTable } from '../../adapters/tenants-table.ts';
import { Env } from '../../contract/environment.ts';
import { TenantPlans } from '../../contract/tier-spec.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { tenantsRoutes } from './tenants-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const { clock } = runtime;
const documents = createDocumentClient();

export const handler = createServiceHandler({
  ...runtime,
  handlers: tenantsRoutes({
    tenants: createTenantsTable(documents, readVariable(env, Env.TENANTS_TABLE)),
    accounts: createAccountsTable(documents, readVariable(env, Env.ACCOUNTS_TABLE)),
    apiKeys: createApiKeys(),
    plans: parseVariable(env, Env.TENANT_PLANS, TenantPlans),
    nextId: createIdGenerator(clock),
    clock,
  }),
});
