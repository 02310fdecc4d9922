import type { Exchange } from './exchange.ts';
import type { ConditionValues } from './model/condition.ts';

/**
 * The condition keys that a policy may ask about a request (developer guide, "AWS condition keys that can be used in API
 * Gateway resource policies"). The twin speaks plain HTTP, but stands for an endpoint that is always reached by TLS.
 */
export function conditionValues({ request }: Exchange, nowMs: number): ConditionValues {
  return (key) => {
    switch (key) {
      case 'aws:sourceip':
        return request.sourceIp;
      case 'aws:currenttime':
      case 'aws:epochtime':
        return String(nowMs / 1_000);
      case 'aws:securetransport':
        return 'true';
      case 'aws:useragent':
        return request.headers.byLowerName.get('user-agent');
      case 'aws:referer':
        return request.headers.byLowerName.get('referer');
      default:
        return undefined;
    }
  };
}
