export type PlanNumbers = readonly (number | string)[];

/**
 * How a script comes to the numbers that levers and shares change. For a plan that lasts they are written into it: to
 * read them from an argument costs as much as a key. For one that is soon changed again they are an argument, `p`, since a
 * store may keep every script that it has seen until it is started anew.
 */
export class ScriptNumbers {
  readonly #isLasting: boolean;
  readonly #argument: (number | string)[] = [];

  constructor(isLasting: boolean) {
    this.#isLasting = isLasting;
  }

  /** What the argument has to hold. */
  get argument(): PlanNumbers {
    return this.#argument;
  }

  /** An expression for the value: each call reserves a place, so whoever needs it twice keeps the expression. */
  of(value: number | string): string {
    if (this.#isLasting) return literal(value);
    this.#argument.push(value);
    return `p[${this.#argument.length}]`;
  }
}

/** Text stays text; a whole number is written as a fraction, so that Lua 5.4 also computes with doubles. */
export function literal(value: number | string): string {
  const text = JSON.stringify(value);
  return typeof value === 'number' && Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}
