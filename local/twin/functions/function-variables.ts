import { randomBytes } from 'node:crypto';
import type { FunctionSpec } from './function-spec.ts';

/** Where a function's SDK clients call, and as whom. */
export interface CallerIdentity {
  readonly awsEndpointUrl: string;
  readonly region: string;
  /** Unique per function, so that the endpoint knows who calls. */
  readonly accessKeyId: string;
}

/** The secret of every function's access key: what is signed with it is held against it, no more. */
export const FUNCTION_SECRET_KEY = 'twin';

/** What an environment was started as. */
export interface EnvironmentPlace {
  readonly taskRoot: string;
  /** `$LATEST`, or a version's number. */
  readonly version: string;
  readonly startedAtMs: number;
}

/**
 * The environment of a function: what the template sets, and what Lambda adds. Nothing of this process' own environment
 * gets in, and the SDK is kept from the developer's own AWS profile. Of Lambda's variables, `AWS_LAMBDA_RUNTIME_API` is
 * left out: there is no such API here, and libraries call it where they find the variable. The X-Ray daemon's address is
 * one of this machine, at which nobody listens.
 */
export function functionVariables(
  spec: FunctionSpec,
  variables: Readonly<Record<string, string>>,
  caller: CallerIdentity,
  place: EnvironmentPlace,
): Record<string, string> {
  const { logging, nodeMajor } = spec;
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
    AWS_LAMBDA_FUNCTION_VERSION: place.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: logging.format,
    ...(logging.format === 'JSON' && { AWS_LAMBDA_LOG_LEVEL: logging.level }),
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(place),
    AWS_REGION: caller.region,
    AWS_SECRET_ACCESS_KEY: FUNCTION_SECRET_KEY,
    AWS_SESSION_TOKEN: 'twin',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: place.taskRoot,
    LANG: 'en_US.UTF-8',
    LD_LIBRARY_PATH: '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
    NODE_PATH: `/opt/nodejs/node${nodeMajor}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task`,
    PATH: process.env.PATH ?? '',
    PWD: place.taskRoot,
    TZ: ':UTC',
    _AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1',
    _AWS_XRAY_DAEMON_PORT: '2000',
    _HANDLER: spec.handler,
  };
}

/** `2026/11/22/[$LATEST]<32 hexadecimal digits>`: one stream per environment. */
function logStreamName({ version, startedAtMs }: EnvironmentPlace): string {
  const day = new Date(startedAtMs).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}

/**
 * SDKs refuse dual-stack addresses together with an endpoint of one's own, and templates of dual-stack VPCs ask for them.
 */
export function withoutDualStack(variables: Readonly<Record<string, string>>): Record<string, string> {
  const { AWS_USE_DUALSTACK_ENDPOINT: _, ...rest } = variables;
  return rest;
}
