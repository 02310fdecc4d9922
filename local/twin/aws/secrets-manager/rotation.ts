import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Invoke } from '../../functions/invoke.ts';
import { AwsError } from '../aws-error.ts';
import type { Secret, SecretsStore } from './secrets-store.ts';

/** The steps in which Secrets Manager calls a rotation function. */
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

export interface RotationOptions {
  readonly store: SecretsStore;
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  /** Receives a sentence about each rotation, done or failed. */
  readonly log: (message: string) => void;
}

interface RotationSchedule {
  readonly SecretId: string;
  readonly RotationLambdaARN?: string;
  readonly RotationRules?: unknown;
  readonly RotateImmediatelyOnUpdate?: boolean;
}

/** Rotates secrets by invoking their functions. The schedule itself is days long: only the first rotation runs here. */
export class Rotation {
  readonly #options: RotationOptions;

  constructor(options: RotationOptions) {
    this.#options = options;
  }

  /** Attaches an `AWS::SecretsManager::RotationSchedule`; returns the secret where it is to be rotated at once. */
  attach(resource: ResolvedResource): Secret | undefined {
    const schedule = resource.properties as unknown as RotationSchedule;
    const secret = this.#options.store.secret(schedule.SecretId);
    if (schedule.RotationLambdaARN === undefined) return undefined;
    secret.rotation = { functionArn: schedule.RotationLambdaARN, rules: schedule.RotationRules };
    // AWS's default is to rotate as soon as the schedule exists.
    return schedule.RotateImmediatelyOnUpdate === false ? undefined : secret;
  }

  /** Starts a rotation and returns the id of the new version at once, as RotateSecret does. */
  start(secret: Secret): string {
    const { token, finished } = this.#begin(secret);
    void finished;
    return token;
  }

  /** Rotates a secret and resolves when its last step is done; `false` where a step failed. */
  rotate(secret: Secret): Promise<boolean> {
    return this.#begin(secret).finished;
  }

  #begin(secret: Secret): { readonly token: string; readonly finished: Promise<boolean> } {
    const { rotation } = secret;
    if (!rotation) {
      throw new AwsError(
        'InvalidRequestException',
        `No Lambda rotation function ARN is associated with ${secret.name}.`,
      );
    }
    const token = this.#options.store.startRotation(secret);
    return { token, finished: this.#runSteps(secret, rotation.functionArn, token) };
  }

  async #runSteps(secret: Secret, functionArn: string, token: string): Promise<boolean> {
    for (const Step of STEPS) {
      const event = { Step, SecretId: secret.arn, ClientRequestToken: token };
      const outcome = await this.#options.invoke(functionArn, event);
      if (!outcome.ok) {
        const reason = `${outcome.errorType}: ${outcome.errorMessage}`;
        this.#options.log(`the rotation of secret '${secret.name}' failed in its step ${Step}: ${reason}`);
        return false;
      }
    }
    secret.lastRotatedMs = this.#options.nowMs();
    this.#options.log(`secret '${secret.name}' was rotated`);
    return true;
  }
}
