import { createBreakerReader } from '../../adapters/controls/breaker-reader.ts';
import { createControlsStore } from '../../adapters/controls/controls-store.ts';
import { parseVariable } from '../../adapters/read-environment.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { Env } from '../../contract/environment.ts';
import { LimitedRoutes } from '../../contract/limited-routes.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { limitsRoutes } from './limits-routes.ts';

const { env } = process;
const runtime = createServiceRuntime(env);
const { shards } = runtime.spec;

export const handler = createServiceHandler({
  ...runtime,
  handlers: limitsRoutes({
    ...runtime,
    ...parseVariable(env, Env.LIMITED_ROUTES, LimitedRoutes),
    controls: createControlsStore(runtime.store, shards),
    breakers: createBreakerReader(runtime.store, shards),
  }),
});
