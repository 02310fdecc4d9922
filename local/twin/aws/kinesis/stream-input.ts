import type { Input } from '../aws-call.ts';
import { type Constraint, optionalText } from '../member-constraints.ts';
import { invalidArgument } from './kinesis-error.ts';
import type { KinesisStore } from './kinesis-store.ts';
import type { Stream } from './stream.ts';

export const STREAM_NAME: Constraint = { minLength: 1, maxLength: 128, pattern: /[a-zA-Z0-9_.-]+/ };
const STREAM_ARN: Constraint = { minLength: 1, maxLength: 2048, pattern: /arn:aws.*:kinesis:.*:\d{12}:stream\/\S+/ };

/** The stream that a request names, by `StreamARN`, `StreamName` or both. @throws AwsError where there is none. */
export function streamOf(store: KinesisStore, input: Input): Stream {
  const arn = optionalText(input, 'StreamARN', STREAM_ARN);
  const name = optionalText(input, 'StreamName', STREAM_NAME);
  if (arn === undefined && name === undefined) {
    throw invalidArgument('Must provide either StreamARN or StreamName.');
  }
  if (arn !== undefined && name !== undefined && arn.split('/')[1] !== name) {
    throw invalidArgument(`StreamARN ${arn} does not name the stream ${name}.`);
  }
  return store.stream(arn ?? name ?? '');
}
