import { validateWholeNumber } from '../validate.ts';

/** How many units a request takes from a limit. */
export class RequestCost {
  /**
   * The same for every request: a whole number of at least 1.
   * @throws SpillwayError for anything else
   */
  static fixed(units: number): RequestCost {
    validateWholeNumber('RequestCost.fixed: units', units, RULE);
    return new RequestCost(units, false);
  }

  /**
   * What the handler says when it is done. Until then the request holds `reserve`, a whole number of at least 1; what is
   * left of it is given back, and what it fell short of is charged, also below zero, so that later requests wait for it.
   * @throws SpillwayError for a reserve that means nothing
   */
  static reported(props: { readonly reserve: number }): RequestCost {
    validateWholeNumber('RequestCost.reported: reserve', props.reserve, RULE);
    return new RequestCost(props.reserve, true);
  }

  /** What is taken at admission. */
  readonly units: number;
  /** Whether the handler says afterwards what it was. */
  readonly isReported: boolean;

  private constructor(units: number, isReported: boolean) {
    this.units = units;
    this.isReported = isReported;
  }
}

const RULE = { min: 1, code: 'invalid-cost', known: true } as const;
