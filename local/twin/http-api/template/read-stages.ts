import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { ACCOUNT_THROTTLE_DEFAULT } from '../../gateway/model/account-throttle.ts';
import { type ThrottleLimit, throttleLimit } from '../../gateway/model/token-bucket.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import { Properties } from '../../gateway/template/properties.ts';

/** What the stages of HTTP and WebSocket APIs have in common. */
export interface StageSettings {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** False where the stage has neither AutoDeploy nor a deployment: it then serves nothing. */
  readonly deployed: boolean;
  /** Format of the access log. */
  readonly logFormat: string | undefined;
  readonly throttleOf: (routeKey: string) => ThrottleLimit | undefined;
}

export function readStage(resource: ResolvedResource): StageSettings {
  const stage = new Properties(resource);
  const variables = stage.textMap('StageVariables');
  const byRoute = new Map<string, ThrottleLimit | undefined>();
  const routeSettings = stage.child('RouteSettings');
  for (const key of stage.map('RouteSettings').keys()) {
    const settings = routeSettings?.child(key);
    if (settings !== undefined) byRoute.set(key, limitOf(settings));
  }
  const defaults = stage.child('DefaultRouteSettings');
  const byDefault = defaults && limitOf(defaults);
  return {
    name: stage.text('StageName'),
    variables: variables.size === 0 ? undefined : Object.fromEntries(variables),
    deployed: stage.flag('AutoDeploy') || stage.optionalText('DeploymentId') !== undefined,
    logFormat: stage.child('AccessLogSettings')?.optionalText('Format'),
    // Settings of a route that name no throttle leave it to the stage's.
    throttleOf: (routeKey) => byRoute.get(routeKey) ?? byDefault,
  };
}

/** Settings that name one of the two leave the other to the account. */
function limitOf(settings: Properties): ThrottleLimit | undefined {
  const rate = settings.optionalNumber('ThrottlingRateLimit');
  const burst = settings.optionalNumber('ThrottlingBurstLimit');
  if (rate === undefined && burst === undefined) return undefined;
  try {
    return throttleLimit(rate ?? ACCOUNT_THROTTLE_DEFAULT.ratePerSecond, burst ?? ACCOUNT_THROTTLE_DEFAULT.burst);
  } catch (error) {
    throw new GatewayTemplateError(settings.resource, error instanceof Error ? error.message : String(error), error);
  }
}
