import { createDocumentClient } from '../../adapters/document-client.ts';
import { createParkedTable } from '../../adapters/parking/parked-table.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { Env } from '../../contract/environment.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { parkedRoutes } from './parked-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);

export const handler = createServiceHandler({
  ...runtime,
  handlers: parkedRoutes({
    table: createParkedTable(createDocumentClient(), readVariable(env, Env.PARKED_TABLE)),
    clock: runtime.clock,
  }),
});
