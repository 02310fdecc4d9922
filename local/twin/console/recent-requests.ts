import type { AccessEntry } from '../gateway/access-entry.ts';

/** Requests kept for the console. */
const KEPT_REQUESTS = 100;
/** Distinct reasons that are counted; callers make up paths, which stand in some of them. */
const REASONS_MAX = 200;

/** What became of the requests to one route since the start. */
export interface RouteCounts {
  readonly requests: number;
  /** 429, by a throttle of the gateway or by the service itself. */
  readonly throttled: number;
  /** Other 4xx. */
  readonly refused: number;
  /** 5xx. */
  readonly failed: number;
  /** Mean time to the answer, refusals included. */
  readonly meanMs: number;
}

/** How often requests were not served for one reason. */
export interface CountedReason {
  readonly status: number;
  /** `THROTTLED`; undefined where the service answered so itself. */
  readonly responseType: string | undefined;
  readonly reason: string;
  readonly count: number;
  readonly lastMs: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The last requests that the gateways answered, and how many there were by status, route and reason. */
export class RecentRequests {
  readonly #entries: AccessEntry[] = [];
  readonly #unserved: AccessEntry[] = [];
  readonly #byStatus = new Map<number, number>();
  readonly #byRoute = new Map<string, Mutable<RouteCounts> & { totalMs: number }>();
  readonly #byReason = new Map<string, Mutable<CountedReason>>();

  add(entry: AccessEntry): void {
    keep(this.#entries, entry);
    this.#byStatus.set(entry.status, (this.#byStatus.get(entry.status) ?? 0) + 1);
    if (entry.route !== undefined) this.#countRoute(entry.route, entry);
    if (entry.status < 400 && entry.refusal === undefined) return;
    keep(this.#unserved, entry);
    this.#countReason(entry);
  }

  /** Newest first. */
  latest(): readonly AccessEntry[] {
    return this.#entries.toReversed();
  }

  /** Those that were refused or failed, newest first: the others would soon push them out. */
  latestUnserved(): readonly AccessEntry[] {
    return this.#unserved.toReversed();
  }

  /** Status → requests since the start. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byStatus].sort(([a], [b]) => a - b));
  }

  /** Of all APIs that have a route of this key. */
  ofRoute(key: string): RouteCounts {
    const { totalMs = 0, ...counts } = this.#byRoute.get(key) ?? NONE;
    return { ...counts, meanMs: counts.requests === 0 ? 0 : totalMs / counts.requests };
  }

  /** Most frequent first. */
  reasons(): readonly CountedReason[] {
    return [...this.#byReason.values()].sort((a, b) => b.count - a.count);
  }

  #countRoute(key: string, { status, latencyMs }: AccessEntry): void {
    let counts = this.#byRoute.get(key);
    if (!counts) {
      counts = { ...NONE, totalMs: 0 };
      this.#byRoute.set(key, counts);
    }
    counts.requests += 1;
    counts.totalMs += latencyMs;
    if (status === 429) counts.throttled += 1;
    else if (status >= 500) counts.failed += 1;
    else if (status >= 400) counts.refused += 1;
  }

  #countReason({ status, refusal, route, startedAtMs }: AccessEntry): void {
    const reason = refusal?.reason ?? `the service answered ${status} to ${route ?? 'a request'}`;
    const key = `${status} ${reason}`;
    const counted = this.#byReason.get(key);
    if (counted) {
      counted.count += 1;
      counted.lastMs = startedAtMs;
    } else if (this.#byReason.size < REASONS_MAX) {
      this.#byReason.set(key, { status, responseType: refusal?.responseType, reason, count: 1, lastMs: startedAtMs });
    }
  }
}

const NONE: RouteCounts & { readonly totalMs?: number } = {
  requests: 0,
  throttled: 0,
  refused: 0,
  failed: 0,
  meanMs: 0,
};

function keep(entries: AccessEntry[], entry: AccessEntry): void {
  entries.push(entry);
  if (entries.length > KEPT_REQUESTS) entries.shift();
}
