import type { Clock } from '../../adapters/clock.ts';
import type { Wait } from '../../adapters/dependencies/wait.ts';
import type { DrillTable } from '../../adapters/drill-table.ts';
import {
  DRILL_DEPENDENCY,
  DRILL_INDEX_MS,
  DRILL_PAGE_SIZE,
  DRILL_WORK_MS,
  DrillDependency,
  type DrillFindings,
  type DrillOrder,
  DrillOrderRequest,
  type DrillOrdersPage,
  DrillOrdersQuery,
  DrillWorkQuery,
} from '../../contract/drill.ts';
import { findExchange } from '../../middleware/exchange.ts';
import { parseOrReject } from '../../middleware/parse.ts';
import { requireCaller } from '../../middleware/require-caller.ts';
import type { RouteHandler, RouteRequest } from '../../middleware/route-request.ts';
import { admissionHeader } from './admission-header.ts';
import type { AskIndex } from './fake-index.ts';

export interface DrillDependencies {
  readonly table: DrillTable;
  readonly askIndex: AskIndex;
  readonly wait: Wait;
  readonly clock: Clock;
}

/** What the drill service answers on each of its routes. */
export function drillRoutes(dependencies: DrillDependencies): Readonly<Record<string, RouteHandler>> {
  const { table, clock, wait } = dependencies;
  const routes: Record<string, RouteHandler> = {
    'POST /api/drill/checkout': async (request) => {
      await wait(workMs(request));
      return { statusCode: 200, body: { id: request.effectId } };
    },
    'POST /api/drill/orders': async (request) => {
      const { sub } = requireCaller(request);
      const { reference } = parseOrReject(DrillOrderRequest, request.body);
      await wait(workMs(request));
      // The id is the effect's, so that a request that is delivered twice finds its order there already.
      const order: DrillOrder = { id: request.effectId, reference };
      await table.putOrderOnce(sub, order, clock.now());
      return { statusCode: 201, body: order };
    },
    'GET /api/drill/orders': async (request) => {
      const { sub } = requireCaller(request);
      const { after } = parseOrReject(DrillOrdersQuery, request.query);
      const items = await table.ordersOf(sub, { after, maxItems: DRILL_PAGE_SIZE });
      // A full page may be the last one: an empty one follows then.
      const last = items.length === DRILL_PAGE_SIZE ? items.at(-1) : undefined;
      const body: DrillOrdersPage = { items, ...(last && { next: last.id }) };
      return { statusCode: 200, body };
    },
    'GET /api/drill/feed': async (request) => ({ statusCode: 200, body: await find(request, dependencies) }),
    'GET /api/drill/search': async (request) => ({ statusCode: 200, body: await find(request, dependencies) }),
    'PUT /api/drill/dependency': async (request) => {
      const setting = parseOrReject(DrillDependency, request.body);
      await table.setDependency(DRILL_DEPENDENCY, setting);
      return { statusCode: 200, body: setting };
    },
  };
  return Object.fromEntries(Object.entries(routes).map(([name, handler]) => [name, tellAdmission(handler)]));
}

/** Work of its own, and then the index: what it finds, or nothing where it cannot be asked. */
async function find(request: RouteRequest, { wait, askIndex }: DrillDependencies): Promise<DrillFindings> {
  await wait(workMs(request, DRILL_WORK_MS - DRILL_INDEX_MS));
  return request.call<DrillFindings>(
    DRILL_DEPENDENCY,
    async ({ signal }) => ({ items: await askIndex(signal), source: 'index' }),
    { idempotent: true, fallback: () => ({ items: [], source: 'fallback' }) },
  );
}

function workMs({ query }: RouteRequest, byDefault = DRILL_WORK_MS): number {
  return parseOrReject(DrillWorkQuery, query).workMs ?? byDefault;
}

function tellAdmission(handler: RouteHandler): RouteHandler {
  return async (request) => {
    const reply = await handler(request);
    return { ...reply, headers: { ...reply.headers, ...admissionHeader(findExchange(request.event)?.decision) } };
  };
}
