import type { ThrottleLevel } from '../model/throttles.ts';
import { GATEWAY_RESPONSE_DEFAULTS, type GatewayResponseType } from './gateway-response-types.ts';

/** Which limit turned a request away. */
export interface ThrottleRefusal {
  readonly level: ThrottleLevel;
  /** Name of the usage plan, at the levels of a plan. */
  readonly plan?: string;
  /** The limit in words: `10 requests/s, burst 20` or `1000 requests per DAY`. */
  readonly limit: string;
}

/** An answer that the gateway gives instead of the integration's. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly responseType: GatewayResponseType;
  /** AWS's status for this case, unless the template's gateway response has another. */
  readonly status: number;
  readonly errorType: string;
  /** `$context.error.message`. */
  readonly message: string | null;
  /** `$context.error.validationErrorString`. */
  readonly validationError?: string;
  /** Why, in a sentence for whoever runs the twin; never sent to the caller. */
  readonly reason: string;
  readonly throttle?: ThrottleRefusal;
}

/** A refusal of a type, with AWS's status and message unless this case has others. */
export function refuse(
  responseType: GatewayResponseType,
  reason: string,
  details: Partial<Pick<Refusal, 'status' | 'message' | 'validationError' | 'throttle'>> = {},
): Refusal {
  return { kind: 'refusal', responseType, reason, ...GATEWAY_RESPONSE_DEFAULTS[responseType], ...details };
}
