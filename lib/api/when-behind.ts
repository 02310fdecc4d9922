import { Duration } from 'aws-cdk-lib';
import type { BehindAnswer } from '../../lambdas/contract/route-spec.ts';
import { validateDuration } from '../validate.ts';
import { validateTarget } from './queued-work.ts';
import type { WorkTarget } from './work-target.ts';

/** As of signals: ages are measured by the minute, and what is shorter is noise. */
const MAX_AGE_MIN = Duration.seconds(10);
const MAX_AGE_MAX = Duration.days(14);

/**
 * What becomes of requests that make work for a queue while the queue is behind: its oldest message is older than
 * `maxAge`, as CloudWatch has it by the minute. Either way 503 with the time after which the queue will be within its
 * budget, and only on the routes that say so: the service's others know nothing of it.
 */
export class WhenBehind {
  /** None is admitted. For work whose result is of no use once it is late. */
  static refuse(queue: WorkTarget): WhenBehind {
    return new WhenBehind(queue, 'refuse');
  }

  /**
   * Fewer and fewer are, the least important refused first as under load: at twice the age none but `CRITICAL_PLUS`, which
   * is always admitted.
   */
  static byPriority(queue: WorkTarget): WhenBehind {
    return new WhenBehind(queue, 'by-priority');
  }

  readonly target: WorkTarget;
  readonly answer: BehindAnswer;

  private constructor(target: WorkTarget, answer: BehindAnswer) {
    const subject = `whenBehind: WhenBehind.${answer === 'refuse' ? 'refuse' : 'byPriority'}`;
    validateTarget(subject, target);
    validateDuration(`${subject}: maxAge of the queue '${target.name}'`, target.maxAge, {
      min: MAX_AGE_MIN,
      max: MAX_AGE_MAX,
      whole: 'seconds',
      known: true,
    });
    this.target = target;
    this.answer = answer;
  }
}
