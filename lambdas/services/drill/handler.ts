import { createCachedValue } from '../../adapters/cached-value.ts';
import { systemTimer } from '../../adapters/dependencies/set-timer.ts';
import { createWait } from '../../adapters/dependencies/wait.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createDrillTable } from '../../adapters/drill-table.ts';
import { createEnvironmentParking } from '../../adapters/parking/environment-parking.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createServiceRuntime } from '../../adapters/service-runtime.ts';
import { DRILL_DEPENDENCY, DRILL_DEPENDENCY_HEALTHY } from '../../contract/drill.ts';
import { Env } from '../../contract/environment.ts';
import { createServiceHandler } from '../../middleware/service-handler.ts';
import { drillRoutes } from './drill-routes.ts';
import { createFakeIndex } from './fake-index.ts';

/** A setting is seen by all environments after a second, and costs each of them one read a second at most. */
const SETTING_TIMES = { refreshAfterMs: 1_000, expireAfterMs: 60_000 };

const { env } = process;
const runtime = createServiceRuntime(env);
const { clock } = runtime;
const table = createDrillTable(createDocumentClient(), readVariable(env, Env.DRILL_TABLE));
const wait = createWait(systemTimer);

export const handler = createServiceHandler({
  ...runtime,
  parking: createEnvironmentParking(env, clock),
  handlers: drillRoutes({
    table,
    wait,
    clock,
    askIndex: createFakeIndex({
      setting: createCachedValue(
        async () => (await table.findDependency(DRILL_DEPENDENCY)) ?? DRILL_DEPENDENCY_HEALTHY,
        clock,
        SETTING_TIMES,
      ),
      wait,
      random: Math.random,
    }),
  }),
});
