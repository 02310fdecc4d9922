import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from './aws-client-options.ts';

/** The staging labels that rotation moves between versions. */
export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';

/** The Secrets Manager client of one Lambda environment. */
export function createSecretsClient(): SecretsManagerClient {
  return new SecretsManagerClient(awsClientOptions());
}

/** The current value of a string secret. */
export async function readSecret(client: SecretsManagerClient, secretId: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  if (SecretString === undefined) throw new TypeError(`secret ${secretId} holds no string`);
  return SecretString;
}

/** A secret as its rotation sees it: versions by id, labelled with stages. */
export interface RotatingSecret {
  /** Labels of each version. */
  stages(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Value of the version, or undefined while it has none. */
  valueOf(versionId: string): Promise<string | undefined>;
  /** Writes the value of a pending version. One that is there already is kept: a version's value never changes. */
  putPending(versionId: string, value: string): Promise<void>;
  /** Moves the label of the current version. The version that had it becomes `AWSPREVIOUS`. */
  makeCurrent(versionId: string, currentVersionId: string | undefined): Promise<void>;
}

export function createRotatingSecret(client: SecretsManagerClient, secretId: string): RotatingSecret {
  return {
    async stages() {
      const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
      return VersionIdsToStages;
    },
    async valueOf(versionId) {
      try {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId: secretId, VersionId: versionId }),
        );
        return SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async putPending(versionId, value) {
      try {
        await client.send(
          new PutSecretValueCommand({
            SecretId: secretId,
            ClientRequestToken: versionId,
            SecretString: value,
            VersionStages: [PENDING],
          }),
        );
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
      }
    },
    async makeCurrent(versionId, currentVersionId) {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: CURRENT,
          MoveToVersionId: versionId,
          RemoveFromVersionId: currentVersionId,
        }),
      );
    },
  };
}
