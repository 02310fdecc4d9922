import { Agent, request } from 'node:http';

/** One request of an offered load. */
export interface OfferedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How one offered request ended. */
export interface OfferedOutcome {
  /** HTTP status, or 0 where no answer came. */
  readonly status: number;
  /** The `type` of the problem document, or the network error; absent on success. */
  readonly reason?: string;
  /** The `detail` of the problem document. */
  readonly detail?: string;
  /** From the planned start to the last byte, in milliseconds, so that a late start counts (no coordinated omission). */
  readonly latencyMs: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An offered load of constant rate. */
export interface ConstantLoad {
  readonly baseUrl: string;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** The request number `index` of the load. */
  readonly requestAt: (index: number) => OfferedRequest;
  /** How long one request may take before it counts as unanswered. @default 30,000 */
  readonly timeoutMs?: number;
}

/**
 * Offers requests at a constant rate whether or not earlier ones have been answered (an open loop), and resolves when
 * all have ended. The load is bounded by `ratePerSecond × durationMs` requests.
 *
 * @throws RangeError when the load would not be finite, or aims at another machine than this one.
 */
export async function offerAtRate(load: ConstantLoad): Promise<readonly OfferedOutcome[]> {
  const url = new URL(load.baseUrl);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
    throw new RangeError(`a load goes to this machine only, got ${url.hostname}; use http://127.0.0.1:<port>`);
  }
  const total = Math.floor((load.ratePerSecond * load.durationMs) / 1_000);
  if (!(total >= 1) || !Number.isFinite(total)) {
    throw new RangeError(`a load needs at least one request, got ${load.ratePerSecond}/s for ${load.durationMs} ms`);
  }

  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const startedAt = performance.now();
  const pending: Promise<OfferedOutcome>[] = [];
  await new Promise<void>((resolve) => {
    const tick = () => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * load.ratePerSecond) / 1_000) + 1);
      while (pending.length < due) {
        const plannedAt = startedAt + (pending.length * 1_000) / load.ratePerSecond;
        pending.push(send(url, agent, load.requestAt(pending.length), plannedAt, load.timeoutMs ?? 30_000));
      }
      if (pending.length < total) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
  const outcomes = await Promise.all(pending);
  agent.destroy();
  return outcomes;
}

function send(
  url: URL,
  agent: Agent,
  offered: OfferedRequest,
  plannedAt: number,
  timeoutMs: number,
): Promise<OfferedOutcome> {
  return new Promise((resolve) => {
    const end = (outcome: Omit<OfferedOutcome, 'latencyMs'>) =>
      resolve({ ...outcome, latencyMs: performance.now() - plannedAt });
    const outgoing = request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method: offered.method,
        path: offered.path,
        headers:
          offered.body === undefined ? offered.headers : { 'content-type': 'application/json', ...offered.headers },
        timeout: timeoutMs,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => end({ status: 0, reason: error.message, headers: {} }));
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          end({ status, headers: response.headers, ...(status >= 400 ? problemOf(Buffer.concat(chunks)) : {}) });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.on('error', (error) => end({ status: 0, reason: error.message, headers: {} }));
    outgoing.end(offered.body);
  });
}

function problemOf(body: Buffer): { reason: string; detail?: string } {
  try {
    const problem = JSON.parse(body.toString('utf8')) as { type?: unknown; detail?: unknown };
    return {
      reason: typeof problem.type === 'string' ? problem.type : 'not a problem document',
      ...(typeof problem.detail === 'string' ? { detail: problem.detail } : {}),
    };
  } catch {
    return { reason: 'not a problem document' };
  }
}
