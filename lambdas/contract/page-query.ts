import * as v from 'valibot';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './feed.ts';

const PageLimit = v.pipe(
  v.optional(v.string(), String(PAGE_LIMIT_DEFAULT)),
  // Not `v.toNumber`, which would take '', ' 5' and '1e2' for numbers.
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const isWholeNumber = /^[1-9]\d{0,9}$/.test(dataset.value);
    if (!isWholeNumber || Number(dataset.value) > PAGE_LIMIT_MAX) {
      addIssue({ expected: `a whole number from 1 to ${PAGE_LIMIT_MAX}` });
    }
  }),
  v.transform(Number),
  // Says nothing new to the parser; docs/openapi.json takes type and bounds from here, as a check in code has none to give.
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(PAGE_LIMIT_MAX),
);

/** Query string of a route that answers in pages. */
export const PageQuery = v.object({ limit: PageLimit, cursor: v.optional(v.string()) });
export type PageQuery = v.InferOutput<typeof PageQuery>;
