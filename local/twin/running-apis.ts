import { restApiBaseUrl, restApis } from './assembly/deployed-endpoints.ts';
import type { EndpointRule } from './assembly/endpoint-rewrite.ts';
import { apisV2, httpApiRules, webSocketApiRules } from './assembly/http-api-endpoints.ts';
import type { ResolvedResource } from './assembly/resolved-resource.ts';
import type { ConnectionStore } from './aws/connections/connection-store.ts';
import type { CallAws } from './aws/dispatcher.ts';
import type { Invoke, InvokeAsync } from './functions/invoke.ts';
import type { AccessEntry } from './gateway/access-entry.ts';
import type { ApiFront } from './gateway/api-front.ts';
import { createGateway } from './gateway/create-gateway.ts';
import type { RestApiDescription } from './gateway/describe-api.ts';
import type { AccountThrottle } from './gateway/model/account-throttle.ts';
import { createThrottleState, type ThrottleState } from './gateway/model/throttles.ts';
import type { LiveKeys } from './gateway/plans.ts';
import { createHttpApi } from './http-api/create-http-api.ts';
import type { ApiV2Description } from './http-api/describe-http-api.ts';
import { createWebSocketApi } from './websocket-api/create-websocket-api.ts';

/** One API, or a stage of a REST API, and where it answers. */
export interface RunningApi {
  readonly url: string;
  readonly description: RestApiDescription | ApiV2Description;
}

export interface ApisOptions {
  readonly invoke: Invoke;
  readonly invokeAsync: InvokeAsync;
  readonly callAws: CallAws;
  readonly nowMs: () => number;
  readonly region: string;
  readonly accountId: string;
  /** All APIs draw from it. */
  readonly accountThrottle: AccountThrottle;
  readonly connections: ConnectionStore;
  /** API keys as they are at the moment. */
  readonly apiKeys: LiveKeys;
  readonly awsEndpointUrl: string;
  /** Port of the first API; the others take free ones. */
  readonly port: number;
  readonly localize: (url: string) => string;
  readonly onAccess: (entry: AccessEntry) => void;
}

interface Running {
  readonly front: ApiFront<RunningApi['description']>;
  readonly url: string;
  readonly rules: (url: string) => EndpointRule[];
}

/** An API as the templates declare it: how to start it, and what it is made of. */
interface Declared {
  readonly key: string;
  readonly own: readonly ResolvedResource[];
  readonly create: () => Omit<Running, 'url'>;
}

/** The REST, HTTP and WebSocket APIs of the templates; each keeps its port for as long as it is declared. */
export class RunningApis {
  readonly #options: ApisOptions;
  readonly #running = new Map<string, Running>();
  readonly #throttles: ThrottleState;
  #port: number;

  constructor(options: ApisOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#throttles = createThrottleState(options.nowMs());
  }

  list(): readonly RunningApi[] {
    return [...this.#running.values()].map(({ url, front }) => ({ url, description: front.description }));
  }

  /** Where the deployed endpoints of the APIs answer on this machine. */
  rules(): EndpointRule[] {
    return [...this.#running.values()].flatMap(({ rules, url }) => rules(url));
  }

  /**
   * Starts what is new, replaces what runs, and closes what is declared no more.
   *
   * @throws TwinError for an API that the twin cannot serve; those that run go on as they were.
   */
  async apply(resources: readonly ResolvedResource[]): Promise<void> {
    const declared = [...this.#restApis(resources), ...this.#apisV2(resources)];
    for (const { key, own, create } of declared) {
      const running = this.#running.get(key);
      if (running) {
        running.front.replace(own);
        continue;
      }
      const created = create();
      const port = await created.front.listen(this.#port);
      this.#port = 0;
      this.#running.set(key, { ...created, url: `http://127.0.0.1:${port}` });
    }
    const keys = new Set(declared.map(({ key }) => key));
    for (const [key, { front }] of this.#running) {
      if (keys.has(key)) continue;
      this.#running.delete(key);
      await front.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ front }) => front.close()));
  }

  #restApis(resources: readonly ResolvedResource[]): Declared[] {
    const { region } = this.#options;
    return restApis(resources).map(({ api, stage, own }) => ({
      key: `${api.physicalId}/${stage.physicalId}`,
      own,
      create: () => {
        const front = createGateway(own, { ...this.#options, throttles: this.#throttles });
        return {
          front,
          // The API is served without the stage's name in the path, as behind a custom domain.
          rules: (local) => {
            const deployed = restApiBaseUrl(api.physicalId, region);
            return [
              { deployed: `${deployed}/${stage.physicalId}`, local },
              { deployed, local },
            ];
          },
        };
      },
    }));
  }

  #apisV2(resources: readonly ResolvedResource[]): Declared[] {
    const { region, awsEndpointUrl } = this.#options;
    return apisV2(resources).map(({ api, protocol, own }) => ({
      key: api.physicalId,
      own,
      create: () => {
        const front = protocol === 'HTTP' ? createHttpApi(own, this.#options) : createWebSocketApi(own, this.#options);
        return {
          front,
          rules: (url) =>
            protocol === 'HTTP'
              ? httpApiRules(api.physicalId, region, front.description.stages, url)
              : webSocketApiRules(api.physicalId, region, url, awsEndpointUrl),
        };
      },
    }));
  }
}
