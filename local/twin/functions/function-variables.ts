import type { FunctionSpec } from './function-spec.ts';

/** Where a function's SDK clients call, and as whom. */
export interface CallerIdentity {
  readonly awsEndpointUrl: string;
  readonly region: string;
  /** Unique per function, so that the endpoint knows who calls. */
  readonly accessKeyId: string;
}

/**
 * The environment of a function: what the template sets, and what Lambda adds. Nothing of this process' own environment
 * gets in, and the SDK is kept from the developer's own AWS profile.
 */
export function functionVariables(
  spec: FunctionSpec,
  variables: Readonly<Record<string, string>>,
  caller: CallerIdentity,
): Record<string, string> {
  return {
    ...variables,
    AWS_ACCESS_KEY_ID: caller.accessKeyId,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_DEFAULT_REGION: caller.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: caller.awsEndpointUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'twin',
    AWS_REGION: caller.region,
    AWS_SECRET_ACCESS_KEY: 'twin',
    AWS_SESSION_TOKEN: 'twin',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    LAMBDA_TASK_ROOT: spec.taskRoot,
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
    _HANDLER: spec.handler,
  };
}

/**
 * SDKs refuse dual-stack addresses together with an endpoint of one's own, and templates of dual-stack VPCs ask for them.
 */
export function withoutDualStack(variables: Readonly<Record<string, string>>): Record<string, string> {
  const { AWS_USE_DUALSTACK_ENDPOINT: _, ...rest } = variables;
  return rest;
}
