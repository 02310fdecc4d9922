import { DRILL_DEPENDENCY_HEALTHY, type DrillDependency } from '../../../lambdas/contract/drill.ts';
import type { ApiClient } from '../api-client.ts';
import { type Phase, phaseAt } from './phases.ts';

/** The index while it is slow: beyond any patience, and every other answer an error. */
export const SLOW_INDEX: DrillDependency = { latencyMs: 1_500, failureRatio: 0.5 };
const ATTEMPTS_MAX = 5;

/** Makes the drill's index slow in one phase, and well again after it. */
export class SlowIndex {
  readonly #client: Pick<ApiClient, 'send'>;
  readonly #phases: readonly Phase[];
  #isSlow = false;

  constructor(client: Pick<ApiClient, 'send'>, phases: readonly Phase[]) {
    this.#client = client;
    this.#phases = phases;
  }

  /** Sets the index as it is to be in this second. */
  async follow(second: number): Promise<void> {
    const isSlow = phaseAt(this.#phases, second).name === 'slow-index';
    if (isSlow === this.#isSlow) return;
    this.#isSlow = isSlow;
    await this.#set(isSlow ? SLOW_INDEX : DRILL_DEPENDENCY_HEALTHY);
  }

  /** @throws Error where the API has no drill service, or does not let it be set. */
  async heal(): Promise<void> {
    this.#isSlow = false;
    await this.#set(DRILL_DEPENDENCY_HEALTHY);
  }

  async #set(setting: DrillDependency): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { status, body } = await this.#client.send('PUT', '/api/drill/dependency', setting);
      if (status === 200) return;
      if (status === 403 || status === 404) {
        throw new Error(
          `the API answers ${status} to PUT /api/drill/dependency: its stage has no drill service; set 'drill' in bin/stages.ts, as 'dev' does`,
        );
      }
      if (attempt === ATTEMPTS_MAX) {
        throw new Error(`PUT /api/drill/dependency answered ${status}: ${JSON.stringify(body)}`);
      }
    }
  }
}
