import type { AdmissionDecision, AdmissionRequest } from './admission.ts';

/** Longest time for which nobody asks the store about a caller, so that a lever is felt soon. */
const BLOCKED_MAX_MS = 3_000;
const BLOCKED_MAX = 10_000;

interface Block {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly decision: AdmissionDecision;
}

/**
 * Callers known to be over a limit, and until when: they cost no call. Nobody is refused whom the store would admit,
 * levers aside: the wait that the store has named counts from before it was asked, and limits that are settled
 * afterwards, where a refund may come at any time, block nobody.
 */
export class BlockList {
  readonly #blocks = new Map<string, Block>();

  get isEmpty(): boolean {
    return this.#blocks.size === 0;
  }

  /** @param name of plan and subjects; what it names must be the same request for every limit. */
  find(name: string, nowMs: number): AdmissionDecision | undefined {
    const block = this.#blocks.get(name);
    if (block === undefined) return undefined;
    // A clock that was set back says nothing of how much time has passed.
    if (nowMs >= block.untilMs || nowMs < block.sinceMs) {
      this.#blocks.delete(name);
      return undefined;
    }
    return elapsed(block.decision, nowMs - block.sinceMs);
  }

  /** @param sinceMs when the store was asked */
  add(name: string, request: AdmissionRequest, decision: AdmissionDecision, sinceMs: number): void {
    const waitMs = blockedMs(request, decision);
    if (waitMs < 1) return;
    this.#blocks.delete(name);
    this.#blocks.set(name, { sinceMs, untilMs: sinceMs + Math.min(BLOCKED_MAX_MS, waitMs), decision });
    const oldest = this.#blocks.size > BLOCKED_MAX ? this.#blocks.keys().next().value : undefined;
    if (oldest !== undefined) this.#blocks.delete(oldest);
  }
}

/** The longest wait that no refund can shorten. */
function blockedMs({ limits }: AdmissionRequest, { verdicts }: AdmissionDecision): number {
  const waits = limits.map(({ dryRun, settled }, place) => (dryRun || settled ? 0 : (verdicts[place]?.waitMs ?? 0)));
  return Math.max(0, ...waits);
}

function elapsed(decision: AdmissionDecision, ms: number): AdmissionDecision {
  return {
    ...decision,
    decidedBy: 'block-list',
    atMs: decision.atMs + ms,
    verdicts: decision.verdicts.map(({ allowed, remaining, waitMs, resetMs }) => ({
      ...{ allowed, remaining },
      waitMs: Math.max(0, waitMs - ms),
      resetMs: Math.max(0, resetMs - ms),
    })),
    // What it saw of load and breakers is old by now.
    load: undefined,
    breakers: [],
  };
}
