import type { ValkeyCommands } from '../valkey/open-connection.ts';
import { BULK_END, bulk, bulkHead, scriptCallHead, sendScriptCall } from '../valkey/script-call.ts';
import { ADMISSION_SCRIPT, ADMISSION_SHA, type PlanNumbers, plannedScript, shaOf } from './lua/admission-script.ts';
import { NAME_LENGTH } from './shard-keys.ts';

/** What a call is made of. */
export interface CallOptions {
  readonly plan: PlanNumbers;
  /** Keys before those of subjects. */
  readonly fixedKeys: readonly string[];
  /** What the key of each subject begins with; its name follows. */
  readonly keyHeads: readonly string[];
  /** Whether the position is an argument. */
  readonly hasPosition: boolean;
  /** Whether the plan stays as it is, and so may be part of the script. */
  readonly isLasting: boolean;
}

/** The call of the script for one plan, written down but for the names of subjects and the position. */
export class PlannedCall {
  readonly #options: CallOptions;
  readonly #script: string;
  readonly #sha: string;
  readonly #word: string;
  readonly #head: string;
  readonly #beforeNames: readonly string[];
  readonly #tail: string;
  readonly #firstKey: string;

  constructor(options: CallOptions) {
    const { plan, fixedKeys, keyHeads, hasPosition, isLasting } = options;
    this.#options = options;
    this.#script = isLasting ? plannedScript(plan) : ADMISSION_SCRIPT;
    this.#sha = isLasting ? shaOf(this.#script) : ADMISSION_SHA;
    // The position is the second argument either way.
    this.#word = isLasting ? '' : JSON.stringify(plan);
    const keyCount = fixedKeys.length + keyHeads.length;
    this.#head = scriptCallHead(this.#sha, keyCount, hasPosition ? 2 : 1) + fixedKeys.map(bulk).join('');
    this.#beforeNames = keyHeads.map((head) => bulkHead(head.length + NAME_LENGTH) + head);
    this.#tail = bulk(this.#word);
    this.#firstKey = fixedKeys[0] ?? keyHeads[0] ?? '';
  }

  /** Sends the script's name, and the script itself only to a store that does not know it (any more). */
  async send(commands: ValkeyCommands, names: readonly string[], position: number): Promise<Buffer> {
    let text = this.#head;
    for (let place = 0; place < names.length; place += 1) text += this.#beforeNames[place] + (names[place] + BULK_END);
    text += this.#tail;
    if (this.#options.hasPosition) text += bulk(String(position));
    try {
      return (await sendScriptCall(commands, this.#sha, this.#firstKey, text)) as Buffer;
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return (await this.#sendScript(commands, names, position)) as Buffer;
    }
  }

  #sendScript(commands: ValkeyCommands, names: readonly string[], position: number): Promise<unknown> {
    const { fixedKeys, keyHeads, hasPosition } = this.#options;
    const keys = [...fixedKeys, ...keyHeads.map((head, place) => head + names[place])];
    const words = hasPosition ? [this.#word, String(position)] : [this.#word];
    return commands.evalBuffer(this.#script, keys.length, ...keys, ...words);
  }
}
