import type { Stack } from 'aws-cdk-lib';
import { AdmissionController, type AdmissionControllerProps } from '../../lib/admission/admission-controller.ts';
import { Route } from '../../lib/api/route.ts';
import type { ServiceProps, ThrottledApiProps } from '../../lib/api/throttled-api.ts';
import { Cache } from '../../lib/data/cache.ts';
import { Network } from '../../lib/data/network.ts';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic.ts';
import { newApi } from './api-factory.ts';
import { CONTROLLER_HANDLERS, FIXTURE_HANDLERS, flaggedStack } from './flagged-app.ts';

/** What differs from an API with one route and no signals. */
export interface ControllerStackOptions {
  readonly api?: Partial<ThrottledApiProps>;
  readonly routes?: readonly Route[];
  readonly service?: Partial<ServiceProps>;
  readonly props?: (stack: Stack) => Partial<AdmissionControllerProps>;
}

/** A stack with an API, a cache and the controller of both. */
export function controllerStack({
  api: apiProps = {},
  routes,
  service,
  props = () => ({}),
}: ControllerStackOptions = {}) {
  const stack = flaggedStack();
  const api = newApi(stack, apiProps);
  const cache = new Cache(stack, 'Cache', {
    network: new Network(stack, 'Network'),
    usageLimits: { maxDataGigabytes: 1, maxEcpuPerSecond: 5_000 },
  });
  if (routes === undefined || routes.length > 0) {
    api.addService('Echo', {
      handler: 'echo',
      handlersDirectory: FIXTURE_HANDLERS,
      cache,
      ...service,
      routes: routes ?? [Route.get('/echo', { scope: 'feed:read', summary: 'Echo' })],
    });
  }
  const controller = new AdmissionController(stack, 'Controller', {
    api,
    cache,
    action: new AlarmTopic(stack, 'Alarms'),
    handlersDirectory: CONTROLLER_HANDLERS,
    ...props(stack),
  });
  return { stack, controller };
}
