import type { FunctionTarget } from './function-catalog.ts';
import type { LogLine } from './log-lines.ts';

/** `X-Amz-Log-Result` holds the last 4 KB of the log. */
const TAIL_MAX_BYTES = 4_096;

/**
 * What one invocation logged, between the platform's START and END lines. Its REPORT line leaves `Max Memory Used` out:
 * threads share their process's memory, of which no part is one function's.
 */
export class LogTail {
  readonly #requestId: string;
  readonly #target: FunctionTarget;
  readonly #startMs = performance.now();
  readonly #texts: string[];

  constructor(requestId: string, target: FunctionTarget) {
    this.#requestId = requestId;
    this.#target = target;
    this.#texts = [`START RequestId: ${requestId} Version: ${target.version}`];
  }

  add(line: LogLine): void {
    this.#texts.push(line.text);
  }

  text(): string {
    const durationMs = performance.now() - this.#startMs;
    const { memoryMegabytes } = this.#target.lambda.spec;
    const report = [
      `REPORT RequestId: ${this.#requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs)} ms`,
      `Memory Size: ${memoryMegabytes} MB`,
    ].join('\t');
    const all = [...this.#texts, `END RequestId: ${this.#requestId}`, report].join('\n');
    return Buffer.from(`${all}\n`).subarray(-TAIL_MAX_BYTES).toString();
  }
}
