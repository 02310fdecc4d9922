import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ServiceLogger } from '../adapters/logger.ts';
import { describeError } from './workers/describe-error.ts';

/** What a custom resource has to give, by the names of its attributes. */
export type ResourceAttributes = Readonly<Record<string, string>>;

export interface CustomResourceOptions {
  /** Makes what is asked for, which may be there already. What it rejects with fails the deployment. */
  readonly apply: (properties: Readonly<Record<string, unknown>>) => Promise<ResourceAttributes>;
  readonly logger: ServiceLogger;
  /** @default fetch */
  readonly send?: typeof fetch;
}

export type CustomResourceHandler = (event: CloudFormationCustomResourceEvent) => Promise<void>;

/** CloudFormation takes 4 KB in all. */
const REASON_MAX_LENGTH = 1_000;
const REPLY_TIMEOUT_MS = 5_000;

/**
 * Answers CloudFormation for a custom resource that is made, and left alone when the stack goes: what it makes lives in
 * another resource, and goes with it. Rejects where CloudFormation could not be answered, so that Lambda tries again.
 */
export function createCustomResource({ apply, logger, send = fetch }: CustomResourceOptions): CustomResourceHandler {
  return async (event) => {
    const { RequestId, RequestType, LogicalResourceId, StackId, ResponseURL, ResourceProperties } = event;
    const result = await attempt(async () => (RequestType === 'Delete' ? {} : await apply(ResourceProperties)), logger);
    const reply = {
      ...result,
      RequestId,
      LogicalResourceId,
      StackId,
      // Always the same, so that no change looks like a replacement.
      PhysicalResourceId: LogicalResourceId,
    };
    const response = await send(ResponseURL, {
      method: 'PUT',
      // The URL is signed for a request without one.
      headers: { 'content-type': '' },
      body: JSON.stringify(reply),
      signal: AbortSignal.timeout(REPLY_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`CloudFormation answers ${response.status} to the reply of ${LogicalResourceId}`);
  };
}

async function attempt(apply: () => Promise<ResourceAttributes>, logger: ServiceLogger) {
  try {
    return { Status: 'SUCCESS', Data: await apply() };
  } catch (error) {
    logger.error('a custom resource could not be made', { error });
    return { Status: 'FAILED', Reason: describeError(error).slice(0, REASON_MAX_LENGTH) };
  }
}
