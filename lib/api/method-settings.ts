import { type CfnStage, MethodLoggingLevel } from 'aws-cdk-lib/aws-apigateway';
import type { Route } from './route.ts';
import type { Throttle } from './throttle.ts';

/**
 * A stage's settings: those of all methods, and those of each route with a throttle of its own. A method's entry replaces
 * the common one as a whole, so everything is said again there.
 */
export function methodSettings(stage: Throttle, routes: readonly Route[]): CfnStage.MethodSettingProperty[] {
  return [
    setting('/*', '*', stage),
    ...routes.flatMap(({ path, method, throttle }) => (throttle ? setting(settingPath(path), method, throttle) : [])),
  ];
}

function setting(resourcePath: string, httpMethod: string, throttle: Throttle): CfnStage.MethodSettingProperty {
  return {
    resourcePath,
    httpMethod,
    throttlingRateLimit: throttle.ratePerSecond,
    throttlingBurstLimit: throttle.burst,
    loggingLevel: MethodLoggingLevel.ERROR,
    // Would log headers and bodies, tokens and passwords among them.
    dataTraceEnabled: false,
    // Metrics per method cost 0.30 USD each a month; the alarms look at the stage, and the access log has every route.
    metricsEnabled: false,
  };
}

/** API Gateway writes slashes in a setting's path as `~1`, but for the first: `/~1api~1feed`; the root is `/`. */
function settingPath(path: string): string {
  return path === '/' ? '/' : `/${path.replaceAll('/', '~1')}`;
}
