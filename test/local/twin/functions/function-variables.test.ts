import { describe, expect, it } from 'vitest';
import { functionSpec } from '../../../../local/twin/functions/function-spec.ts';
import { functionVariables } from '../../../../local/twin/functions/function-variables.ts';
import { arnPrefix, inlineLambda } from '../../../support/running-functions.ts';

const caller = { awsEndpointUrl: 'http://127.0.0.1:1', region: 'eu-central-1', accessKeyId: 'ASIATWIN000000000001' };
const place = { taskRoot: '/bundle', version: '1', startedAtMs: Date.UTC(2026, 10, 2) };
const variables = (properties: Record<string, unknown> = {}, own: Record<string, string> = {}) =>
  functionVariables(functionSpec(inlineLambda('', properties), arnPrefix), own, caller, place);

describe('functionVariables', () => {
  // Developer guide, "Defined runtime environment variables".
  it('has every variable that Lambda defines, but the address of the runtime API', () => {
    expect(variables()).toMatchObject({
      AWS_ACCESS_KEY_ID: 'ASIATWIN000000000001',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: 'inline',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/inline',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^2026\/11\/02\/\[1\][0-9a-f]{32}$/),
      AWS_REGION: 'eu-central-1',
      AWS_SECRET_ACCESS_KEY: 'twin',
      AWS_SESSION_TOKEN: 'twin',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: '/bundle',
      LANG: 'en_US.UTF-8',
      LD_LIBRARY_PATH: expect.stringContaining('/opt/lib'),
      NODE_PATH: expect.stringContaining('/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules'),
      PATH: expect.any(String),
      TZ: ':UTC',
      _HANDLER: 'index.handler',
    });
    expect(variables()).not.toHaveProperty('AWS_LAMBDA_RUNTIME_API');
  });

  it('says how to log', () => {
    expect(variables()).toMatchObject({ AWS_LAMBDA_LOG_FORMAT: 'Text' });
    expect(variables()).not.toHaveProperty('AWS_LAMBDA_LOG_LEVEL');
    expect(variables({ LoggingConfig: { LogFormat: 'JSON', LogGroup: 'mine' } })).toMatchObject({
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: 'INFO',
      AWS_LAMBDA_LOG_GROUP_NAME: 'mine',
    });
  });

  it('does not let the template take the place of what Lambda sets', () => {
    expect(variables({}, { AWS_REGION: 'mars-1', OWN: 'x' })).toMatchObject({ AWS_REGION: 'eu-central-1', OWN: 'x' });
  });
});
