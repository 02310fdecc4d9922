import { S3Client } from '@aws-sdk/client-s3';
import type { AwsOptions } from '../../local/twin/aws/start-aws.ts';
import { type RunningAws, resource, runAws } from './running-aws.ts';

export const BUCKET = 'media';

/** An AWS endpoint of the twin with a bucket, and a client of it. */
export interface RunningS3 {
  readonly aws: RunningAws['aws'];
  readonly log: readonly string[];
  readonly client: S3Client;
  /** A client without the checksums that the SDK adds by itself: what presigns uploads cannot know them. */
  readonly signer: S3Client;
  readonly url: string;
  onInvoke: RunningAws['onInvoke'];
  close(): Promise<void>;
}

/** @param properties of the bucket. */
export async function runS3(
  properties: Record<string, unknown> = {},
  access: Partial<Pick<AwsOptions, 'authorize' | 'principalOf'>> = {},
): Promise<RunningS3> {
  const running = await runAws({ secretOf: (id) => (id.startsWith('ASIATWIN') ? 'twin' : undefined), ...access });
  const { aws, log, onInvoke } = running;
  await aws.provision([resource('AWS::S3::Bucket', BUCKET, properties)]);
  const client = new S3Client(running.clientOptions());
  const signer = new S3Client({ ...running.clientOptions(), requestChecksumCalculation: 'WHEN_REQUIRED' });
  return {
    ...{ aws, log, client, signer, url: aws.url, onInvoke },
    close: async () => {
      client.destroy();
      signer.destroy();
      await aws.close();
    },
  };
}
