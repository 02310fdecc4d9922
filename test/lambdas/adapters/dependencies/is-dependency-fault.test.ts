import { ConditionalCheckFailedException, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { isDependencyFault } from '../../../../lambdas/adapters/dependencies/is-dependency-fault.ts';
import { ServiceError } from '../../../../lambdas/errors/service-error.ts';

const status = (httpStatusCode: number) => Object.assign(new Error('answer'), { $metadata: { httpStatusCode } });

describe('whether an error is the fault of a dependency', () => {
  it.each([
    ['a connection that was refused', new Error('ECONNREFUSED'), true],
    ['what is no error at all', 'oops', true],
    ['nothing', null, true],
    ['a 500', status(500), true],
    ['a 503', status(503), true],
    ['a 429', status(429), true],
    ['a 408', status(408), true],
    ['a 404', status(404), false],
    [
      'a condition that does not hold',
      new ConditionalCheckFailedException({ message: 'no', $metadata: { httpStatusCode: 400 } }),
      false,
    ],
    [
      'a throttled call',
      new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: { httpStatusCode: 400 } }),
      true,
    ],
    ["a service's own refusal", new ServiceError('no-such-user', 'no', { statusCode: 404 }), false],
    ["a service's own failure", new ServiceError('broken', 'no', { statusCode: 503 }), true],
  ])('%s: %s', (_what, error, isFault) => {
    expect(isDependencyFault(error)).toBe(isFault);
  });
});
