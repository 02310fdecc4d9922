import { type ThrottleLimit, throttleLimit } from '../model/token-bucket.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';
import type { Properties } from './properties.ts';

const ALL = '*';

/** The throttle of the stage for a method; undefined where the account's is the only one. */
export type StageThrottle = (method: string, path: string) => ThrottleLimit | undefined;

/**
 * Reads a stage's MethodSettings. Paths are written `/~1api~1feed`, and `/*` with the method `*` stands for everything.
 * The most specific setting counts: of the method, of all methods of its path, of the whole stage. Every method gets a
 * bucket of its own at that limit (developer guide, "Throttle requests to your REST APIs").
 */
export function stageThrottles(stage: Properties, account: ThrottleLimit): StageThrottle {
  const limits = new Map<string, ThrottleLimit | undefined>();
  for (const setting of stage.children('MethodSettings')) {
    const path = settingPath(setting.optionalText('ResourcePath') ?? '/*');
    const key = `${setting.optionalText('HttpMethod') ?? ALL} ${path}`;
    const rate = setting.optionalNumber('ThrottlingRateLimit');
    const burst = setting.optionalNumber('ThrottlingBurstLimit');
    if (rate !== undefined || burst !== undefined) limits.set(key, limitOf(setting, rate, burst, account));
  }
  return (method, path) => {
    for (const key of [`${method} ${path}`, `${ALL} ${path}`, `${method} ${ALL}`, `${ALL} ${ALL}`]) {
      if (limits.has(key)) return limits.get(key);
    }
    return undefined;
  };
}

/** A setting that names one of the two leaves the other to the account; -1 is how API Gateway says "none". */
function limitOf(
  setting: Properties,
  rate: number | undefined,
  burst: number | undefined,
  account: ThrottleLimit,
): ThrottleLimit | undefined {
  if (rate === -1 && burst === -1) return undefined;
  return checkedLimit(setting, rate ?? account.ratePerSecond, burst ?? account.burst);
}

/** A throttle of the template; its faults are reported with the resource's name. */
export function checkedLimit(properties: Properties, rate: number, burst: number): ThrottleLimit {
  try {
    return throttleLimit(rate, burst);
  } catch (error) {
    throw new GatewayTemplateError(properties.resource, error instanceof Error ? error.message : String(error), error);
  }
}

function settingPath(text: string): string {
  if (text === '/*' || text === ALL) return ALL;
  const decoded = text.replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~');
  return decoded.startsWith('/') ? decoded : `/${decoded}`;
}
