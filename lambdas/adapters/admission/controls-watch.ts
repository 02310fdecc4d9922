import * as v from 'valibot';
import { Controls } from '../../contract/controls.ts';
import type { Clock } from '../clock.ts';
import { controlsKeys } from '../controls/controls-header.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';

/** Where no reply tells the version, and after a look that failed, the next look is so much later. */
const LOOK_EVERY_MS = 5_000;

/**
 * What the controller said last. Read in the background, when a reply of the store names a version that is not known,
 * so that it holds for requests to come; where replies name none, every few seconds.
 */
export class ControlsWatch {
  readonly #store: Pick<ValkeyStore, 'run'>;
  readonly #clock: Clock;
  #controls: Controls | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** Version that the last look was after. */
  #sought: number | undefined;
  #isLooking = false;

  constructor(store: Pick<ValkeyStore, 'run'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get current(): Controls | undefined {
    return this.#controls;
  }

  /** @param version as a reply of the shard told it, 0 for none; undefined where replies tell none */
  note(shard: number, version: number | undefined): void {
    if (version !== undefined && version === (this.#controls?.version ?? 0)) return;
    if (version === 0) {
      // The controller's word has run out: nothing of it holds any longer.
      this.#controls = undefined;
      return;
    }
    const isNews = version !== undefined && version !== this.#sought;
    const isDue = Math.abs(this.#clock.now() - this.#lookedAtMs) >= LOOK_EVERY_MS;
    if (this.#isLooking || !(isNews || isDue)) return;
    this.#sought = version;
    this.#lookedAtMs = this.#clock.now();
    this.#isLooking = true;
    void this.#look(shard);
  }

  async #look(shard: number): Promise<void> {
    try {
      const detail = await this.#store.run((commands) => commands.get(controlsKeys(shard).detail));
      if (detail === null) {
        this.#controls = undefined;
        return;
      }
      // What another version of the controller has written, and this one cannot read, changes nothing.
      const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), Controls), detail);
      if (success) this.#controls = output;
    } catch {
      // The store is gone, which whoever asks it next will say; the next look is a few seconds later.
    } finally {
      this.#isLooking = false;
    }
  }
}
