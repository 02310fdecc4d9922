import { AwsError } from '../aws-error.ts';

const PREFIX = 'AWS.SimpleQueueService.';

/** Errors of SQS by the type of its JSON API: the code that its query API had, which clients still see, and the status. */
const CODES: Readonly<Record<string, readonly [queryCode: string, statusCode: number]>> = {
  BatchEntryIdsNotDistinct: [`${PREFIX}BatchEntryIdsNotDistinct`, 400],
  BatchRequestTooLong: [`${PREFIX}BatchRequestTooLong`, 400],
  EmptyBatchRequest: [`${PREFIX}EmptyBatchRequest`, 400],
  InvalidAddress: ['InvalidAddress', 404],
  InvalidAttributeName: ['InvalidAttributeName', 400],
  InvalidAttributeValue: ['InvalidAttributeValue', 400],
  InvalidBatchEntryId: [`${PREFIX}InvalidBatchEntryId`, 400],
  InvalidMessageContents: ['InvalidMessageContents', 400],
  InvalidParameterValueException: ['InvalidParameterValue', 400],
  MissingRequiredParameterException: ['MissingParameter', 400],
  OverLimit: ['OverLimit', 403],
  PurgeQueueInProgress: [`${PREFIX}PurgeQueueInProgress`, 403],
  QueueDeletedRecently: [`${PREFIX}QueueDeletedRecently`, 400],
  QueueDoesNotExist: [`${PREFIX}NonExistentQueue`, 400],
  QueueNameExists: ['QueueAlreadyExists', 400],
  ReceiptHandleIsInvalid: ['ReceiptHandleIsInvalid', 404],
  ResourceNotFoundException: ['ResourceNotFoundException', 404],
  TooManyEntriesInBatchRequest: [`${PREFIX}TooManyEntriesInBatchRequest`, 400],
  UnsupportedOperation: [`${PREFIX}UnsupportedOperation`, 400],
};

/** An error as SQS answers it, its old code beside the type. */
export function sqsError(type: string, message: string): AwsError {
  const [queryCode = type, statusCode = 400] = CODES[type] ?? [];
  return new AwsError(type, message, { statusCode, queryCode });
}

/** `Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.` */
export function invalidParameter(value: unknown, parameter: string, reason: string): AwsError {
  return invalidValue(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function invalidValue(message: string): AwsError {
  return sqsError('InvalidParameterValueException', message);
}

export function missingParameter(parameter: string): AwsError {
  return sqsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);
}

/** Reason for FIFO parameters at standard queues, and the other way round. */
export const WRONG_QUEUE_TYPE = 'The request include parameter that is not valid for this queue type.';
