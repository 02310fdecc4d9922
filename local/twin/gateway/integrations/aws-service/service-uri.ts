import type { Properties } from '../../template/properties.ts';
import { withStageVariables } from '../stage-variables.ts';

/** `arn:aws:apigateway:<region>:<service>:path|action/<rest>`, taken apart. */
export interface ServiceUri {
  readonly region: string;
  /** As the ARN names it: `sqs`, `dynamodb`. */
  readonly service: string;
  readonly kind: 'path' | 'action';
  /** The operation, or a path whose `{parameters}` the request fills in. */
  readonly rest: string;
}

const SERVICE_URI = /^arn:[\w-]+:apigateway:([\w-]+):([\w.-]+):(path|action)\/(.*)$/;

/** The target of an AWS integration. Fails with the resource's name where the URI is none. */
export function serviceUri(
  integration: Properties,
  stageVariables: Readonly<Record<string, string>> | null,
): ServiceUri {
  const uri = withStageVariables(integration, 'Uri', stageVariables);
  const [, region, service, kind, rest] = SERVICE_URI.exec(uri) ?? [];
  if (region === undefined || service === undefined || rest === undefined) {
    return integration.fail('Uri', 'arn:aws:apigateway:<region>:<service>:action/<operation> or …:path/<path>');
  }
  return { region, service: service.split('.').at(-1) ?? service, kind: kind === 'path' ? 'path' : 'action', rest };
}
