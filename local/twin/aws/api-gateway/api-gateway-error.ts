import { AwsError } from '../aws-error.ts';

// API Gateway's errors, as its control plane words them where that is known.

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { statusCode: 409 });
}

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, { statusCode: 404 });
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message, { statusCode: 429 });
}
