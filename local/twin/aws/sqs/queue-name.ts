import { invalidValue } from './sqs-error.ts';

/** @throws AwsError InvalidParameterValue */
export function checkQueueName(name: string, isFifo: boolean): void {
  if (isFifo) {
    if (/^[\w-]{1,75}\.fifo$/.test(name)) return;
    throw invalidValue(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (/^[\w-]{1,80}$/.test(name)) return;
  throw invalidValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
}

/** The name at the end of a queue's URL, whatever its host; `undefined` where it is of another account. A bare name will do. */
export function queueNameOfUrl(url: string, accountId: string): string | undefined {
  const slash = url.lastIndexOf('/');
  if (slash < 0) return url;
  const owner = url.slice(url.lastIndexOf('/', slash - 1) + 1, slash);
  return owner === accountId ? url.slice(slash + 1) : undefined;
}
