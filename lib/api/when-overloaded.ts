import { Duration } from 'aws-cdk-lib';
import { PARK_SECONDS_MAX, PARK_SECONDS_MIN } from '../../lambdas/contract/parked.ts';
import { validateDuration } from '../validate.ts';

/** What becomes of a request that load leaves no room for: `Shed` or `Park.for(…)`. */
export interface WhenOverloaded {
  /** How long it may wait; `undefined`: not at all. */
  readonly parkFor: Duration | undefined;
}

/** Refused with 503 and a time to retry. */
export const Shed: WhenOverloaded = { parkFor: undefined };

/** Answered 202 with the URL of a status; the request waits in a queue until load falls, or its time is over. */
export class Park implements WhenOverloaded {
  /**
   * @param longest whole seconds, from 1 second to 1 hour: SQS brings a message back only so many times
   * @throws SpillwayError for anything else
   */
  static for(longest: Duration): Park {
    validateDuration('Park.for: longest', longest, {
      min: Duration.seconds(PARK_SECONDS_MIN),
      max: Duration.seconds(PARK_SECONDS_MAX),
      whole: 'seconds',
      hint: 'use Shed where nobody would wait',
      known: true,
    });
    return new Park(longest);
  }

  readonly parkFor: Duration;

  private constructor(parkFor: Duration) {
    this.parkFor = parkFor;
  }
}
