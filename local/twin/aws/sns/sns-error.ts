import { AwsError } from '../aws-error.ts';

/** `InvalidParameter`, whose message always starts alike. */
export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`, { queryCode: 'InvalidParameter' });
}

export function notFound(what: 'Topic' | 'Subscription'): AwsError {
  return new AwsError('NotFoundException', `${what} does not exist`, { statusCode: 404, queryCode: 'NotFound' });
}

/** Tags are asked for by `ResourceArn`, and have an error of their own. */
export function resourceNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Resource does not exist', {
    statusCode: 404,
    queryCode: 'ResourceNotFound',
  });
}

/** One of the errors of PublishBatch, whose codes are the names of their types. */
export function batchError(type: string, message: string): AwsError {
  return new AwsError(`${type}Exception`, message, { queryCode: type });
}
