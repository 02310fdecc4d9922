import { Duration } from 'aws-cdk-lib';
import {
  DRILL_DEPENDENCY,
  DRILL_IN_FLIGHT_MAX,
  DRILL_TARGET_MS,
  DrillDependency,
  DrillFindings,
  DrillOrder,
  DrillOrderRequest,
  DrillOrdersPage,
  DrillOrdersQuery,
  DrillReceipt,
  DrillWorkQuery,
} from '../../../lambdas/contract/drill.ts';
import { Env } from '../../../lambdas/contract/environment.ts';
import { AdaptiveLimit } from '../../api/adaptive-limit.ts';
import { Dependency } from '../../api/dependency.ts';
import { ParkingLot } from '../../api/parking-lot.ts';
import { Priority } from '../../api/priority.ts';
import { Route } from '../../api/route.ts';
import { Park } from '../../api/when-overloaded.ts';
import { ParkingLotAlarms } from '../../monitoring/parking-lot-alarms.ts';
import { SpillwayError } from '../../spillway-error.ts';
import type { ServiceContext } from './service-context.ts';

/** More than the demo's load leaves behind, and few enough to be served before anybody stops waiting. */
const PARKED_MAX = 300;

/**
 * Routes of settable work that stand in for a shop, so that an overload can be made on purpose (`npm run demo -- overload`).
 * Not for production: whoever has a token may slow it down.
 */
export function addDrillService(context: ServiceContext): void {
  const { api, data } = context;
  const table = data.tables.drill;
  if (table === undefined) {
    throw new SpillwayError(
      'no-drill-table',
      "stage: drill needs the table 'drill', which DataStack makes for it",
      api,
    );
  }
  const scope = 'drill:run';
  const latencyTarget = Duration.millis(DRILL_TARGET_MS);
  const index = [Dependency.optional(DRILL_DEPENDENCY)];
  const drill = api.addService('Drill', {
    handler: 'drill',
    description: 'Stands in for a shop, so that an overload can be made on purpose',
    ...context.functionOptions('drill'),
    // Few, so that a laptop can offer twice of it; still as many as chance does not fill at half of it.
    adaptiveLimit: AdaptiveLimit.gradient({ min: 4, max: DRILL_IN_FLIGHT_MAX, initial: DRILL_IN_FLIGHT_MAX }),
    parkedMax: PARKED_MAX,
    dependencies: {
      [DRILL_DEPENDENCY]: {
        timeout: Duration.millis(250),
        attempts: 1,
        windowCalls: 20,
        minimumCalls: 10,
        openFor: Duration.seconds(3),
        halfOpenCalls: 3,
      },
    },
    routes: [
      Route.post('/api/drill/checkout', {
        scope,
        summary: 'Do work that must not fail',
        priority: Priority.CRITICAL_PLUS,
        latencyTarget,
        query: DrillWorkQuery,
        responses: { 200: DrillReceipt },
      }),
      Route.post('/api/drill/orders', {
        scope,
        summary: 'Do work that may wait',
        priority: Priority.SHEDDABLE_PLUS,
        whenOverloaded: Park.for(Duration.minutes(5)),
        latencyTarget,
        query: DrillWorkQuery,
        body: DrillOrderRequest,
        responses: { 201: DrillOrder },
      }),
      Route.get('/api/drill/orders', {
        scope,
        summary: 'List the own orders by id',
        latencyTarget,
        query: DrillOrdersQuery,
        responses: { 200: DrillOrdersPage },
      }),
      Route.get('/api/drill/feed', {
        scope,
        summary: 'Do work that is missed, with help of the index',
        priority: Priority.SHEDDABLE_PLUS,
        latencyTarget,
        dependencies: index,
        query: DrillWorkQuery,
        responses: { 200: DrillFindings },
      }),
      Route.get('/api/drill/search', {
        scope,
        summary: 'Do work that is not missed, with help of the index',
        priority: Priority.SHEDDABLE,
        latencyTarget,
        dependencies: index,
        query: DrillWorkQuery,
        responses: { 200: DrillFindings },
      }),
      Route.put('/api/drill/dependency', {
        scope,
        summary: 'Set how slow and how broken the index is',
        priority: Priority.CRITICAL_PLUS,
        latencyTarget,
        body: DrillDependency,
        responses: { 200: DrillDependency },
      }),
    ],
  });
  drill.useTable(table, {
    environment: Env.DRILL_TABLE,
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  });
  const parking = new ParkingLot(drill, 'Parking', {
    service: drill,
    table: data.tables.parked,
    // Most of what can be served is left to what has just arrived.
    maxConcurrency: 4,
    // A batch is served one after the other, and comes back as one.
    batchSize: 1,
    removalPolicy: context.stage.removalPolicy,
  });
  new ParkingLotAlarms(parking, 'Alarms', { parking, action: context.action });
}
