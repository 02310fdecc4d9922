import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Invoke } from '../../functions/invoke.ts';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { nextRotation } from './rotation-schedule.ts';
import type { RotationRules, Secret } from './secret.ts';
import { invalidRequest } from './secret-error.ts';
import type { SecretsStore } from './secrets-store.ts';

/** The steps in which Secrets Manager calls a rotation function. */
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

export interface RotationOptions {
  readonly store: SecretsStore;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  /** Receives a sentence about each rotation, done or failed. */
  readonly log: (message: string) => void;
  /** @default - a timer of this machine */
  readonly setTimer?: SetTimer;
}

interface RotationSchedule {
  readonly SecretId: string;
  readonly RotationLambdaARN?: string;
  readonly RotationRules?: RotationRules;
  readonly RotateImmediatelyOnUpdate?: boolean | string;
}

/**
 * Rotates secrets by invoking their functions, when asked to and when they are due. A rotation that fails is tried again when
 * the next is due, or when RotateSecret is called; AWS retries sooner, for a day.
 */
export class Rotation {
  readonly #options: RotationOptions;
  readonly #setTimer: SetTimer;
  readonly #running = new Set<string>();
  #cancelTimer: () => void = () => {};

  constructor(options: RotationOptions) {
    this.#options = options;
    this.#setTimer = options.setTimer ?? machineTimer;
  }

  /**
   * Attaches an `AWS::SecretsManager::RotationSchedule`, once functions can be invoked; returns the secret where it is to be
   * rotated at once: when the schedule is new or another one, as in AWS, or when an earlier run left a rotation unfinished.
   */
  attach(resource: ResolvedResource): Secret | undefined {
    const schedule = resource.properties as unknown as RotationSchedule;
    const secret = this.#options.store.secret(schedule.SecretId);
    if (schedule.RotationLambdaARN === undefined) return undefined;
    const isNew = this.configure(secret, schedule.RotationLambdaARN, schedule.RotationRules ?? {});
    // A first rotation that did not end left a secret that nobody can use yet.
    const isUnfinished = this.#options.store.unfinishedRotation(secret) !== undefined;
    return (isNew || isUnfinished) && String(schedule.RotateImmediatelyOnUpdate) !== 'false' ? secret : undefined;
  }

  /**
   * Attaches the schedules of the templates, and runs the rotations that start at once to their end, so that whoever comes
   * next finds usable secrets.
   */
  async rotateNew(resources: readonly ResolvedResource[]): Promise<void> {
    const schedules = resources.filter(({ type }) => type === 'AWS::SecretsManager::RotationSchedule');
    await Promise.all(
      schedules.map((schedule) => {
        const secret = this.attach(schedule);
        return secret && this.rotate(secret);
      }),
    );
  }

  /** Says how a secret is rotated; returns whether that is new. @throws AwsError where the rules name no time. */
  configure(secret: Secret, functionArn: string, rules: RotationRules): boolean {
    const { nowMs, store } = this.#options;
    const nextMs = nextRotation(rules, secret.lastRotatedMs ?? nowMs());
    const { rotation } = secret;
    const isSame =
      rotation?.isEnabled === true &&
      rotation.functionArn === functionArn &&
      JSON.stringify(rotation.rules) === JSON.stringify(rules);
    if (!isSame) secret.rotation = { functionArn, rules, isEnabled: true, nextMs };
    store.changed(secret);
    this.#arm();
    return !isSame;
  }

  /** Ends the schedule; what is pending stays pending. */
  cancel(secret: Secret): void {
    if (!secret.rotation) throw noFunction(secret);
    secret.rotation.isEnabled = false;
    this.#options.store.changed(secret);
    this.#arm();
  }

  /** Starts a rotation and returns the id of the new version at once, as RotateSecret does. */
  start(secret: Secret, token?: string): string {
    const begun = this.#begin(secret, token);
    void begun.finished;
    return begun.token;
  }

  /** Rotates a secret and resolves when its last step is done; `false` where a step failed. */
  async rotate(secret: Secret): Promise<boolean> {
    return this.#begin(secret).finished;
  }

  isRunning(secret: Secret): boolean {
    return this.#running.has(secret.arn);
  }

  close(): void {
    this.#cancelTimer();
  }

  #begin(secret: Secret, token?: string): { readonly token: string; readonly finished: Promise<boolean> } {
    if (!secret.rotation) throw noFunction(secret);
    const versionId = this.#options.store.startRotation(secret, token);
    this.#running.add(secret.arn);
    const finished = this.#runSteps(secret, secret.rotation.functionArn, versionId).finally(() => {
      this.#running.delete(secret.arn);
      this.#plan(secret);
    });
    return { token: versionId, finished };
  }

  async #runSteps(secret: Secret, functionArn: string, token: string): Promise<boolean> {
    const { invoke, log, nowMs } = this.#options;
    for (const Step of STEPS) {
      const event = { Step, SecretId: secret.arn, ClientRequestToken: token };
      // Secrets Manager calls in its own name: the function's resource policy has to allow it.
      const outcome = await invoke(functionArn, event, {
        kind: 'service',
        service: 'secretsmanager.amazonaws.com',
        sourceArn: secret.arn,
      });
      if (!outcome.ok) {
        const reason = `${outcome.errorType}: ${outcome.errorMessage}`;
        log(`the rotation of secret '${secret.name}' failed in its step ${Step}: ${reason}`);
        return false;
      }
    }
    secret.lastRotatedMs = nowMs();
    log(`secret '${secret.name}' was rotated`);
    return true;
  }

  #plan(secret: Secret): void {
    const { rotation } = secret;
    if (!rotation) return;
    rotation.nextMs = nextRotation(rotation.rules, this.#options.nowMs());
    this.#options.store.changed(secret);
    this.#arm();
  }

  /** One timer for the rotation that is due first. */
  #arm(): void {
    this.#cancelTimer();
    const { store, nowMs } = this.#options;
    const due = store
      .secrets()
      .flatMap(({ rotation, deletion }) =>
        rotation?.isEnabled && rotation.nextMs !== undefined && !deletion ? [rotation.nextMs] : [],
      );
    if (due.length > 0) this.#cancelTimer = this.#setTimer(Math.min(...due) - nowMs(), () => this.#rotateDue());
  }

  #rotateDue(): void {
    const { store, nowMs } = this.#options;
    for (const secret of store.secrets()) {
      const { rotation, deletion } = secret;
      const isDue = rotation?.isEnabled && !deletion && (rotation.nextMs ?? Number.POSITIVE_INFINITY) <= nowMs();
      if (!isDue || this.isRunning(secret)) continue;
      // Not due again while it runs; its end plans the next.
      rotation.nextMs = undefined;
      this.start(secret);
    }
    this.#arm();
  }
}

function noFunction({ name }: Secret): Error {
  return invalidRequest(`No Lambda rotation function ARN is associated with ${name}.`);
}
