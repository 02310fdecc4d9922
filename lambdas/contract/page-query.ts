import * as v from 'valibot';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './feed.ts';

const isPageLimit = (text: string) => /^[1-9]\d{0,9}$/.test(text) && Number(text) <= PAGE_LIMIT_MAX;

/** Query string of a route that answers in pages. */
export const PageQuery = v.object({
  limit: v.pipe(
    v.optional(v.string(), String(PAGE_LIMIT_DEFAULT)),
    v.check(isPageLimit, `must be a whole number from 1 to ${PAGE_LIMIT_MAX}`),
    v.transform(Number),
    // Says nothing new to the parser, but lets the OpenAPI document show what the check means.
    v.number(),
    v.integer(),
    v.minValue(1),
    v.maxValue(PAGE_LIMIT_MAX),
  ),
  cursor: v.optional(v.string()),
});
export type PageQuery = v.InferOutput<typeof PageQuery>;
