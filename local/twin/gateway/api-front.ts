import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { ApiDescription } from './describe-api.ts';

/** A running API of any kind: what it serves, and its port. */
export interface ApiFront<Description extends ApiDescription = ApiDescription> {
  /** What it serves now; another object after `replace`. */
  readonly description: Description;
  /** Listens on 127.0.0.1; port 0 takes a free one. Answers the port. Throws TwinError where the port is taken. */
  listen(port: number): Promise<number>;
  /**
   * Serves a changed template from the next request on, on the same port and without closing a connection. Requests under
   * way end as they began; throttles and quotas keep their state; authorizers forget what they cached.
   *
   * @throws TwinError for what cannot be served; the old template then stays in force.
   */
  replace(resources: readonly ResolvedResource[]): void;
  /** Stops listening; requests under way get a second to end. */
  close(): Promise<void>;
}
