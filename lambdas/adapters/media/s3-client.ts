import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { awsClientOptions } from '../aws-client-options.ts';

/** S3 answers a copy once it is done, and of 2 GiB that may take a while. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The S3 client of one Lambda environment. */
export function createS3Client(): S3Client {
  return new S3Client({
    ...awsClientOptions(),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
    // TLS guards what is on its way; and a link that asks for checksums is longer for nothing.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
