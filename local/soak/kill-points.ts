import { AwsError } from '../twin/aws/aws-error.ts';
import type { AroundCall, AroundDelivery } from '../twin/twin-faults.ts';

/** Where a function dies: about to have an effect, having had it, or having done all without anybody being told. */
export const POINTS = ['before an effect', 'after an effect', 'before the acknowledgement'] as const;
export type Point = (typeof POINTS)[number];

interface Death {
  readonly point: Point;
  /** Effects, or deliveries, until then; 1 is the next one. */
  left: number;
}

/** What writes something, by service. */
const EFFECTS: Readonly<Record<string, RegExp>> = {
  dynamodb: /^(TransactWriteItems|PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/,
  kinesis: /^PutRecord/,
  sqs: /^(SendMessage|ChangeMessageVisibility)/,
  s3: /^(PutObject|CopyObject|DeleteObject)/,
};

/** Has functions die at chosen points of what they do. */
export class KillPoints {
  readonly #kill: (functionName: string) => Promise<void>;
  readonly #onDeath: (functionName: string, point: Point) => void;
  readonly #deaths = new Map<string, Death>();

  /** @param kill ends all environments of a function at once */
  constructor(kill: (functionName: string) => Promise<void>, onDeath: (functionName: string, point: Point) => void) {
    this.#kill = kill;
    this.#onDeath = onDeath;
  }

  /** Lets a function die at its nth effect, or delivery, from now on, instead of where it was to die before. */
  arm(functionName: string, point: Point, nth: number): void {
    this.#deaths.set(functionName, { point, left: nth });
  }

  /** Lets everybody live. */
  disarm(): void {
    this.#deaths.clear();
  }

  readonly aroundCall: AroundCall = async (functionName, { service, operation }, run) => {
    const point = EFFECTS[service]?.test(operation) ? this.#due(functionName, (each) => each !== POINTS[2]) : undefined;
    if (point === undefined) return run();
    if (point === 'after an effect') await run();
    await this.#end(functionName, point);
    // To nobody: who called is dead.
    throw new AwsError('InternalFailure', `${functionName} died ${point}`);
  };

  readonly aroundDelivery: AroundDelivery = async (functionName, deliver) => {
    const outcome = await deliver();
    const point = outcome.ok ? this.#due(functionName, (each) => each === POINTS[2]) : undefined;
    if (point === undefined) return outcome;
    await this.#end(functionName, point);
    return { ok: false, kind: 'failed', errorType: 'Runtime.ExitError', errorMessage: `${functionName} died ${point}` };
  };

  /** The point at which the function is to die now, if it is. */
  #due(functionName: string, isHere: (point: Point) => boolean): Point | undefined {
    const death = this.#deaths.get(functionName);
    if (!death || !isHere(death.point)) return undefined;
    death.left -= 1;
    if (death.left > 0) return undefined;
    this.#deaths.delete(functionName);
    return death.point;
  }

  async #end(functionName: string, point: Point): Promise<void> {
    this.#onDeath(functionName, point);
    await this.#kill(functionName);
  }
}
