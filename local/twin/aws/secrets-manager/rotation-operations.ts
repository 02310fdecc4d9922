import type { AwsService, Input } from '../aws-call.ts';
import { optionalText } from '../member-constraints.ts';
import type { Rotation } from './rotation.ts';
import type { RotationRules, Secret } from './secret.ts';
import { invalidRequest, secretExists } from './secret-error.ts';
import type { SecretsStore } from './secrets-store.ts';
import { secretIdOf, tokenOf } from './value-operations.ts';

export function rotationOperations(store: SecretsStore, rotation: Rotation): AwsService {
  const secretOf = (input: Input): Secret => store.secret(secretIdOf(input));
  return {
    RotateSecret: (input) => {
      const secret = secretOf(input);
      const token = tokenOf(input);
      const functionArn = optionalText(input, 'RotationLambdaARN', { maxLength: 2048 }) ?? secret.rotation?.functionArn;
      if (functionArn === undefined) {
        throw invalidRequest(`No Lambda rotation function ARN is associated with ${secret.name}.`);
      }
      if (token !== undefined && secret.versions.some(({ id }) => id === token)) {
        throw secretExists('A secret version with this token already exists.');
      }
      const rules = (input.RotationRules as RotationRules | undefined) ?? secret.rotation?.rules ?? {};
      rotation.configure(secret, functionArn, rules);
      const identity = { ARN: secret.arn, Name: secret.name };
      if (input.RotateImmediately === false) return identity;
      if (store.unfinishedRotation(secret)) {
        if (!rotation.isRunning(secret)) rotation.start(secret);
        throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
      }
      return { ...identity, VersionId: rotation.start(secret, token) };
    },
    CancelRotateSecret: (input) => {
      const secret = secretOf(input);
      rotation.cancel(secret);
      const pending = store.unfinishedRotation(secret);
      return { ARN: secret.arn, Name: secret.name, ...(pending && { VersionId: pending.id }) };
    },
  };
}
