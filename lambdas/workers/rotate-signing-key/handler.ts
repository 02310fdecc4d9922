import * as v from 'valibot';
import { systemClock } from '../../adapters/clock.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createLogger } from '../../adapters/logger.ts';
import { parseVariable, readVariable } from '../../adapters/read-environment.ts';
import { createRotatingSecret, createSecretsClient } from '../../adapters/secrets.ts';
import { createVerificationKeysPublisher } from '../../adapters/verification-keys-publisher.ts';
import { Env } from '../../contract/environment.ts';
import { SecondsVariable } from '../../contract/seconds-variable.ts';
import { rotateSigningKey } from './rotate-signing-key.ts';
import { RotationEvent } from './rotation-event.ts';

const { env } = process;
// The secret is the one of our environment, whatever the event names: this function has no business with another.
const secretId = readVariable(env, Env.SIGNING_KEY_SECRET);
const logger = createLogger('rotate-signing-key');
const dependencies = {
  secret: createRotatingSecret(createSecretsClient(), secretId),
  keys: createVerificationKeysPublisher(createDocumentClient(), readVariable(env, Env.VERIFICATION_KEYS_TABLE)),
  accessTokenSeconds: parseVariable(env, Env.ACCESS_TOKEN_SECONDS, SecondsVariable),
  clock: systemClock,
};

export const handler = async (event: unknown): Promise<void> => {
  const { Step, ClientRequestToken } = v.parse(RotationEvent, event);
  await rotateSigningKey(dependencies, Step, ClientRequestToken);
  logger.info('rotation step done', { step: Step, versionId: ClientRequestToken });
};
