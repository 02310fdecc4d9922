import type { ServiceLogger } from '../../lambdas/adapters/logger.ts';

/** One call of the logger, with its arguments merged as they would be in the JSON line. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly [key: string]: unknown;
}

/** A logger that writes nothing and remembers everything. */
export class RecordingLogger implements ServiceLogger {
  readonly lines: LogLine[] = [];

  readonly debug: ServiceLogger['debug'] = (...args) => this.#record('debug', args);
  readonly info: ServiceLogger['info'] = (...args) => this.#record('info', args);
  readonly warn: ServiceLogger['warn'] = (...args) => this.#record('warn', args);
  readonly error: ServiceLogger['error'] = (...args) => this.#record('error', args);

  #record(level: LogLine['level'], [input, ...extra]: readonly unknown[]): void {
    const merged = typeof input === 'string' ? { message: input } : (input as { message: string });
    this.lines.push(
      Object.assign({ level }, merged, ...extra.map((item) => (item instanceof Error ? { error: item } : item))),
    );
  }
}
