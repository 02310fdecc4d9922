import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { LoopbackServer } from '../serve-on-loopback.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { dynamoDbService, type Place, sqsService } from './embedded-services.ts';
import type { ServiceHandler } from './json-service.ts';
import { kinesisService } from './kinesis.ts';
import { KinesisStore } from './kinesis-store.ts';
import { createLocalClient, type LocalClient } from './local-client.ts';
import type { Rotation } from './rotation.ts';
import { secretsManagerService } from './secrets-manager.ts';
import { SecretsStore } from './secrets-store.ts';

export interface AwsOptions extends Place {
  readonly nowMs: () => number;
  /** Rotations need functions, which start later: asked when RotateSecret is called. */
  readonly rotation: (secrets: SecretsStore) => Rotation;
}

/** The endpoint with the services behind it. */
export interface Aws extends LoopbackServer {
  readonly client: LocalClient;
  readonly kinesis: KinesisStore;
  readonly secrets: SecretsStore;
  readonly rotation: Rotation;
}

/** Starts the endpoint with every service that the resources may call. */
export async function startAws(resources: readonly ResolvedResource[], options: AwsOptions): Promise<Aws> {
  const { region, accountId, nowMs } = options;
  const kinesis = new KinesisStore(`arn:aws:kinesis:${region}:${accountId}`, nowMs);
  const secrets = new SecretsStore(nowMs);
  const rotation = options.rotation(secrets);
  const hasQueues = resources.some(({ type }) => type === 'AWS::SQS::Queue');
  const sqs = hasQueues ? await sqsService() : undefined;
  const services: Record<string, ServiceHandler> = {
    dynamodb: dynamoDbService({ region, accountId }),
    kinesis: kinesisService(kinesis, nowMs),
    secretsmanager: secretsManagerService(secrets, (secret) => rotation.start(secret)),
    ...(sqs && { sqs: sqs.handle }),
  };
  const endpoint = await startAwsEndpoint(services);
  return {
    url: endpoint.url,
    client: createLocalClient(endpoint.url, region),
    kinesis,
    secrets,
    rotation,
    close: async () => {
      await endpoint.close();
      await sqs?.close();
    },
  };
}
