import * as v from 'valibot';

/**
 * The drill service: routes of settable work that stand in for a shop, so that an overload can be made on purpose. Only
 * stages that ask for it have one.
 */

/** What a request of each route waits by default, and so what an admitted one costs, in ms. */
export const DRILL_WORK_MS = 400;
/** What a healthy index takes of that, where a route asks it. */
export const DRILL_INDEX_MS = 50;
export const DRILL_WORK_MAX_MS = 2_000;
/** Requests that the service works on at a time, at most: with `DRILL_WORK_MS` that is its capacity. */
export const DRILL_IN_FLIGHT_MAX = 16;
/** Latency that each of its routes is meant to have: half of it is left for a busy machine. */
export const DRILL_TARGET_MS = 1_000;
/** The outside thing that feed and search ask; named so in the breaker, too. */
export const DRILL_DEPENDENCY = 'index';
/** Orders on one page of `GET /api/drill/orders`. */
export const DRILL_PAGE_SIZE = 500;

/** A structured dictionary (RFC 9651) that says how admission found the service: `overload=0.42, in-flight=5, …`. */
export const DRILL_ADMISSION_HEADER = 'Drill-Admission';

const WorkMs = v.pipe(
  v.string(),
  // Not `v.toNumber`, which would take '', ' 5' and '1e2' for numbers.
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    if (!/^\d{1,5}$/.test(dataset.value) || Number(dataset.value) > DRILL_WORK_MAX_MS) {
      addIssue({ expected: `a whole number from 0 to ${DRILL_WORK_MAX_MS}` });
    }
  }),
  v.transform(Number),
  // For docs/openapi.json, which takes type and bounds from here.
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(DRILL_WORK_MAX_MS),
);

/** Query string of a route with settable work. */
export const DrillWorkQuery = v.object({ workMs: v.optional(WorkMs) });
export type DrillWorkQuery = v.InferOutput<typeof DrillWorkQuery>;

/** How slow and how broken the index is, for all environments within a second. */
export const DrillDependency = v.pipe(
  v.strictObject({
    latencyMs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
    failureRatio: v.pipe(v.number(), v.minValue(0), v.maxValue(1), v.description('share of calls that fail')),
  }),
  v.title('DrillDependency'),
);
export type DrillDependency = v.InferOutput<typeof DrillDependency>;

/** How the index is until somebody sets it. */
export const DRILL_DEPENDENCY_HEALTHY: DrillDependency = { latencyMs: DRILL_INDEX_MS, failureRatio: 0 };

/** The client's own name of what it orders, so that it finds it again. */
const Reference = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

export const DrillOrderRequest = v.pipe(v.strictObject({ reference: Reference }), v.title('DrillOrderRequest'));
export type DrillOrderRequest = v.InferOutput<typeof DrillOrderRequest>;

export const DrillOrder = v.pipe(
  v.object({ id: v.pipe(v.string(), v.description('the effect of one request')), reference: v.string() }),
  v.title('DrillOrder'),
);
export type DrillOrder = v.InferOutput<typeof DrillOrder>;

/** Query string of the list of orders: those with greater ids. */
export const DrillOrdersQuery = v.object({ after: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))) });

export const DrillOrdersPage = v.pipe(
  v.object({
    items: v.array(DrillOrder),
    next: v.optional(v.pipe(v.string(), v.description('`after` of the next page; absent on the last one'))),
  }),
  v.title('DrillOrdersPage'),
);
export type DrillOrdersPage = v.InferOutput<typeof DrillOrdersPage>;

/** What feed and search answer. */
export const DrillFindings = v.pipe(
  v.object({
    items: v.array(v.string()),
    source: v.pipe(v.picklist(['index', 'fallback']), v.description('fallback: the index was not asked, or failed')),
  }),
  v.title('DrillFindings'),
);
export type DrillFindings = v.InferOutput<typeof DrillFindings>;

export const DrillReceipt = v.pipe(v.object({ id: v.string() }), v.title('DrillReceipt'));
