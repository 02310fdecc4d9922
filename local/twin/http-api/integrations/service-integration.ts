import { AwsError } from '../../aws/aws-error.ts';
import type { CallAws } from '../../aws/dispatcher.ts';
import type { Principal } from '../../aws/principal.ts';
import { withinDeadline } from '../../gateway/integrations/within-deadline.ts';
import type { Properties } from '../../gateway/template/properties.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { HttpReply } from '../http-reply.ts';
import type { HttpIntegration } from '../http-route.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type ValueSource, valueSource } from '../value-source.ts';
import { SERVICE_ACTIONS, type ServiceAction } from './service-actions.ts';

export interface ServiceIntegrationOptions {
  readonly timeoutMs: number;
  readonly callAws: CallAws;
  readonly nowMs: () => number;
}

interface Parameter {
  readonly name: string;
  readonly expression: string;
  readonly read: ValueSource;
}

/**
 * AWS_PROXY to an action of another service, by IntegrationSubtype, as the role of CredentialsArn (developer guide,
 * "Create AWS service integrations for HTTP APIs"). A parameter that the request lacks is a 400; whatever the service
 * refuses is a 500, as API Gateway answers it.
 */
export function serviceIntegration(properties: Properties, options: ServiceIntegrationOptions): HttpIntegration {
  const { callAws, nowMs, timeoutMs } = options;
  const subtype = properties.text('IntegrationSubtype');
  const action = Object.hasOwn(SERVICE_ACTIONS, subtype) ? SERVICE_ACTIONS[subtype] : undefined;
  if (action === undefined) {
    return properties.fail('IntegrationSubtype', `one of ${Object.keys(SERVICE_ACTIONS).join(', ')}`);
  }
  const principal: Principal = {
    kind: 'role',
    roleArn: properties.text('CredentialsArn'),
    sessionName: 'BackplaneAssumeRoleSession',
    assumedBy: 'apigateway.amazonaws.com',
  };
  const parameters = readParameters(properties, action);
  return { type: subtype, functionArn: undefined, call };

  async function call(exchange: HttpExchange): Promise<HttpReply | Refusal> {
    const values: Record<string, string> = {};
    for (const { name, expression, read } of parameters) {
      const value = read(exchange);
      if (value === undefined || value === '') {
        const message = `Unable to resolve property ${name} from source ${expression}. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.`;
        return refuse('DEFAULT_4XX', `${subtype}: ${expression} of ${name} is missing`, { message });
      }
      values[name] = value;
    }
    const startedAtMs = nowMs();
    const answer = await ask(values);
    exchange.integrationLatencyMs = nowMs() - startedAtMs;
    if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
    else exchange.integrationStatus = answer.status;
    return answer;
  }

  async function ask(values: Record<string, string>): Promise<HttpReply | Refusal> {
    const { service, operation, input, reply } = action as ServiceAction;
    try {
      const output = await withinDeadline(callAws(service, operation, input(values), principal), timeoutMs);
      if (output === undefined) return refuse('INTEGRATION_TIMEOUT', `${subtype} took more than ${timeoutMs} ms`);
      return reply(output);
    } catch (error) {
      const what = error instanceof AwsError ? `${error.type}: ${error.message}` : String(error);
      return refuse('INTEGRATION_FAILURE', `${subtype}: ${what}`);
    }
  }
}

function readParameters(properties: Properties, action: ServiceAction): readonly Parameter[] {
  const given = properties.textMap('RequestParameters');
  for (const name of action.required) {
    if (!given.has(name)) properties.fail('RequestParameters', `a map that has ${action.required.join(', ')}`);
  }
  const known = [...action.required, ...action.optional, 'Region'];
  return [...given].flatMap(([name, expression]) => {
    if (!known.includes(name)) properties.fail('RequestParameters', `a map of ${known.join(', ')}`);
    // Every service of the twin is in the one Region.
    if (name === 'Region') return [];
    try {
      return [{ name, expression, read: valueSource(expression) }];
    } catch (error) {
      return properties.fail('RequestParameters', error instanceof Error ? error.message : String(error));
    }
  });
}
