import type { Refusal } from './answer/refusal.ts';
import type { Exchange } from './exchange.ts';
import type { Integration } from './integrations/integration.ts';
import type { ThrottleLimit } from './model/token-bucket.ts';

/** One step that may turn a request away. */
export type Check = (exchange: Exchange) => Refusal | undefined;

/** Lets a caller in, or not; what it found out stands in the exchange. */
export interface Authorizer {
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST';
  readonly functionArn: string;
  readonly ttlSeconds: number;
  /** A promise only where the function has to be asked: most requests are answered by the cache. */
  authorize(exchange: Exchange): Refusal | undefined | Promise<Refusal | undefined>;
}

/** A method of the API with everything that serving it needs, made once at start. */
export interface Route {
  readonly logicalId: string;
  /** `POST /api/feed`; the method may be `ANY`. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly resourceId: string;
  readonly operationName: string | undefined;
  readonly authorizer: Authorizer | undefined;
  readonly apiKeyRequired: boolean;
  /** Throttle of the stage for this method. */
  readonly throttle: ThrottleLimit | undefined;
  /** Request validation: parameters first, then the body. */
  readonly checks: readonly Check[];
  readonly integration: Integration;
}
