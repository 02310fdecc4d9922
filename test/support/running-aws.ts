import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { OWNER } from '../../local/twin/aws/principal.ts';
import { type Aws, type AwsOptions, startAws } from '../../local/twin/aws/start-aws.ts';
import type { Invoke } from '../../local/twin/functions/invoke.ts';

export const region = 'eu-west-1';
export const accountId = '000000000000';

export function resource(type: string, physicalId: string, properties: Record<string, unknown>): ResolvedResource {
  return { logicalId: physicalId, physicalId, stackName: 'Stack', type, path: physicalId, properties, metadata: {} };
}

export const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:database-a1b2c3`;
export const queueArn = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
const resources: ResolvedResource[] = [
  resource('AWS::DynamoDB::GlobalTable', 'posts', {
    AttributeDefinitions: [
      { AttributeName: 'author', AttributeType: 'S' },
      { AttributeName: 'post', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'author', KeyType: 'HASH' },
      { AttributeName: 'post', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byPost',
        KeySchema: [{ AttributeName: 'post', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
        WriteProvisionedThroughputSettings: {},
      },
    ],
    Replicas: [{ Region: region }],
  }),
  resource('AWS::Kinesis::Stream', 'events', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  resource('AWS::SecretsManager::Secret', secretArn, {
    GenerateSecretString: { SecretStringTemplate: '{"user":"ada"}', GenerateStringKey: 'password', PasswordLength: 20 },
  }),
  resource('AWS::SQS::Queue', `https://sqs.${region}.amazonaws.com/${accountId}/work`, {
    VisibilityTimeout: 1,
    RedrivePolicy: { deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 1 },
  }),
  resource('AWS::SQS::Queue', `https://sqs.${region}.amazonaws.com/${accountId}/dead`, {}),
];

/** An AWS endpoint of the twin with a table, a stream, a secret and two queues; rotations call what `onInvoke` sets. */
export interface RunningAws {
  readonly aws: Aws;
  readonly log: readonly string[];
  onInvoke(invoke: Invoke): void;
  /** Configuration of an SDK client. */
  clientOptions(): {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
    readonly requestHandler: NodeHttpHandler;
  };
}

/** @param access as whom keys call, and who may; without it everybody is the owner */
export async function runAws(
  access: Partial<Pick<AwsOptions, 'authorize' | 'principalOf' | 'secretOf' | 'around' | 'setTimer'>> = {},
): Promise<RunningAws> {
  let invoke: Invoke = async () => ({ ok: true, payload: null });
  const log: string[] = [];
  const aws = await startAws({
    region,
    accountId,
    nowMs: Date.now,
    log: (line) => log.push(line),
    invoke: (name, event) => invoke(name, event),
    invokeAsync: async (name, event) => {
      const outcome = await invoke(name, event);
      return outcome.ok ? { ok: true } : outcome;
    },
    database: undefined,
    principalOf: () => OWNER,
    authorize: () => {},
    ...access,
  });
  await aws.provision(resources);
  return {
    aws,
    log,
    onInvoke: (next) => {
      invoke = next;
    },
    clientOptions: () => ({
      endpoint: aws.url,
      region,
      credentials: { accessKeyId: 'ASIATWIN000000000001', secretAccessKey: 'twin', sessionToken: 'twin' },
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(),
    }),
  };
}
