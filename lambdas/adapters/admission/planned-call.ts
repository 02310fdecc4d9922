import type { ValkeyCommands } from '../valkey/open-connection.ts';
import { BULK_END, bulk, bulkHead, scriptCallHead, sendScriptCall } from '../valkey/script-call.ts';
import { type AdmissionScript, shaOf } from './lua/admission-script.ts';
import { NAME_LENGTH } from './shard-keys.ts';

/** What a call is made of. */
export interface CallOptions {
  readonly script: AdmissionScript;
  /** Keys before those of subjects. */
  readonly fixedKeys: readonly string[];
  /** What the key of each subject begins with; its name follows. */
  readonly keyHeads: readonly string[];
  /** Whether the position is an argument. */
  readonly hasPosition: boolean;
}

/** The call of the script for one plan, written down but for the names of subjects and the position. */
export class PlannedCall {
  readonly #options: CallOptions;
  readonly #sha: string;
  /** The numbers of the plan, if they are an argument. */
  readonly #words: readonly string[];
  readonly #head: string;
  readonly #beforeNames: readonly string[];
  readonly #tail: string;
  readonly #firstKey: string;

  constructor(options: CallOptions) {
    const { script, fixedKeys, keyHeads, hasPosition } = options;
    this.#options = options;
    this.#sha = shaOf(script.text);
    this.#words = script.numbers.length === 0 ? [] : [JSON.stringify(script.numbers)];
    const [keys, words] = [fixedKeys.length + keyHeads.length, this.#words.length + (hasPosition ? 1 : 0)];
    this.#head = scriptCallHead(this.#sha, keys, words) + fixedKeys.map(bulk).join('');
    this.#beforeNames = keyHeads.map((head) => bulkHead(head.length + NAME_LENGTH) + head);
    this.#tail = this.#words.map(bulk).join('');
    this.#firstKey = fixedKeys[0] ?? keyHeads[0] ?? '';
  }

  /** Sends the script's name, and the script itself only to a store that does not know it (any more). */
  send(commands: ValkeyCommands, names: readonly string[], position: number): Promise<Buffer> {
    let text = this.#head;
    for (let place = 0; place < names.length; place += 1) text += this.#beforeNames[place] + (names[place] + BULK_END);
    if (this.#options.hasPosition) text += bulk(String(position));
    text += this.#tail;
    return sendScriptCall(commands, this.#sha, this.#firstKey, text).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.#sendScript(commands, names, position);
    }) as Promise<Buffer>;
  }

  #sendScript(commands: ValkeyCommands, names: readonly string[], position: number): Promise<unknown> {
    const { script, fixedKeys, keyHeads, hasPosition } = this.#options;
    const keys = [...fixedKeys, ...keyHeads.map((head, place) => head + names[place])];
    const words = [...(hasPosition ? [String(position)] : []), ...this.#words];
    return commands.evalBuffer(script.text, keys.length, ...keys, ...words);
  }
}
