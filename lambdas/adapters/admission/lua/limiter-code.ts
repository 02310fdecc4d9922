import type { Limit } from '../../../resilience/limiters/limit.ts';

/** What a limit is called in a script, and what it is measured by; all are expressions. */
export interface LimitNames {
  /** Its state, after the id: two or three numbers. The third is free for use where a state has two. */
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly fits: string;
  /** False once the time to live of its record has to be set. */
  readonly keep: string;
  readonly x: string;
  readonly y: string;
  readonly cost: string;
}

/** A limiter in Lua. `t` is the time since the store's epoch in ms, in which states hold times. */
export interface LimiterCode {
  /** How ten bytes of state are packed. */
  readonly format: string;
  readonly values: 2 | 3;
  /** Moves the state on to now, and says whether the cost fits. `a` is nil where there is none. */
  readonly look: (names: LimitNames) => string;
  readonly take: (names: LimitNames) => string;
  /** What is still to be done to make of it the state that is kept, taken from or not. */
  readonly end: (names: LimitNames) => string;
}

const nothing = () => '';

/** x micro-tokens per ms, y micro-tokens; the state is micro-tokens and their time. */
const TOKEN_BUCKET: LimiterCode = {
  ...{ format: 'i5I5', values: 2, end: nothing },
  look: ({ a, b, fits, keep, x, y, cost }) => `if ${a} then
  if t > ${b} then
    local span = ${y} / ${x} + 1000
    if t - t % span > ${b} then ${keep} = false end
    ${a}, ${b} = ${a} + (t - ${b}) * ${x}, t
    ${a} = ${a} - ${a} % 1
  end
  if ${a} > ${y} then ${a} = ${y} end
else ${a}, ${b}, ${keep} = ${y}, t, false end
local ${fits} = ${a} >= ${cost}
`,
  take: ({ a, cost }) => `${a} = ${a} - ${cost}`,
};

/** y ms of the burst, cost in ms; the state is the fraction and the whole of the arrival time, `c` how far it is ahead. */
const GCRA: LimiterCode = {
  ...{ format: 'i5I5', values: 2 },
  look: ({ a, b, c, fits, y, cost }) => `${c} = ${a} and ${b} - t + ${a} / 1048576 or 0
if ${c} < 0 then ${c} = 0 end
local ${fits} = ${c} + ${cost} <= ${y}
`,
  take: ({ c, cost }) => `${c} = ${c} + ${cost}`,
  end: ({ a, b, c, keep, y }) => `do
  local whole = ${c} - ${c} % 1
  local till = t + whole
  if not ${a} or till - till % (${y} + 1000) > ${b} then ${keep} = false end
  ${a}, ${b} = (${c} - whole) * 1048576, till
end
`,
};

/** x ms, y units; the state is a count and the number of its window. */
const FIXED_WINDOW: LimiterCode = {
  ...{ format: 'i5I5', values: 2, end: nothing },
  look: ({ a, b, c, fits, keep, x, y, cost }) => `${c} = (now - now % ${x}) / ${x}
if not ${a} or ${c} > ${b} then ${a}, ${b}, ${keep} = 0, ${c}, false end
local ${fits} = ${a} + ${cost} <= ${y}
`,
  take: ({ a, cost }) => `${a} = ${a} + ${cost}`,
};

/** x ms, y units; the state is the counts of this window and of the last, and this one's number. */
const SLIDING_WINDOW: LimiterCode = {
  ...{ format: 'I3I3I4', values: 3, end: nothing },
  look: ({ a, b, c, fits, keep, x, y, cost }) => `local ${fits}
do
  local into = now % ${x}
  local index = (now - into) / ${x}
  if not ${a} or index > ${c} + 1 then ${a}, ${b}, ${c}, ${keep} = 0, 0, index, false
  elseif index > ${c} then ${a}, ${b}, ${c}, ${keep} = 0, ${a}, index, false
  elseif index < ${c} then into = 0 end
  ${fits} = ${a} + ${b} * (1 - into / ${x}) + ${cost} <= ${y}
end
`,
  take: ({ a, cost }) => `${a} = ${a} + ${cost}`,
};

/** Of all limiters whose states have a place in their subject's record; a log has a key of its own. */
export const LIMITER_CODE: Readonly<Record<Exclude<Limit['algorithm'], 'sliding-log'>, LimiterCode>> = {
  'token-bucket': TOKEN_BUCKET,
  gcra: GCRA,
  'fixed-window': FIXED_WINDOW,
  'sliding-window': SLIDING_WINDOW,
};
