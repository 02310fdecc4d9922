import type { Input } from '../aws-call.ts';
import { AwsError, asAwsError } from '../aws-error.ts';
import { sqsError } from './sqs-error.ts';
import { requiredText } from './sqs-input.ts';

const ENTRIES_MAX = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

/** The entries of a batch, with ids that are valid and distinct. `entryType` is the name that AWS's message has. @throws AwsError */
export function readBatch(input: Input, entryType: string): readonly Input[] {
  requiredText(input, 'QueueUrl');
  const entries = Array.isArray(input.Entries) ? (input.Entries as readonly Input[]) : [];
  if (entries.length === 0) {
    throw sqsError('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);
  }
  if (entries.length > ENTRIES_MAX) {
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${ENTRIES_MAX}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    const id = String(Id ?? '');
    if (!ENTRY_ID.test(id)) {
      throw sqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(id)) throw sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** Runs each entry by itself: one that is refused does not keep the others from it. */
export function runBatch(
  entries: readonly Input[],
  run: (entry: Input) => Readonly<Record<string, unknown>> | undefined,
): { readonly Successful?: readonly unknown[]; readonly Failed?: readonly unknown[] } {
  const Successful: unknown[] = [];
  const Failed: unknown[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { message, queryCode, type, statusCode } = asAwsError(error);
      Failed.push({ Id: entry.Id, SenderFault: statusCode < 500, Code: queryCode ?? type, Message: message });
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}
