import * as v from 'valibot';

export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** What Secrets Manager invokes a rotation function with, once for each step. */
export const RotationEvent = v.object({
  SecretId: v.string(),
  /** Id of the version that the rotation creates. */
  ClientRequestToken: v.string(),
  Step: v.picklist(ROTATION_STEPS),
});
export type RotationEvent = v.InferOutput<typeof RotationEvent>;
