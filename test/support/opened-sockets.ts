import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Counts the TCP connections that this process tries to open, refused ones included. */
export class OpenedSockets {
  count = 0;
  readonly #note = () => {
    this.count += 1;
  };

  constructor() {
    subscribe('net.client.socket', this.#note);
  }

  stop(): void {
    unsubscribe('net.client.socket', this.#note);
  }
}
