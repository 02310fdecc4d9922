/** A WebSocket connection of an API of the twin, as its owner sees it. */
export interface Connection {
  readonly id: string;
  readonly apiId: string;
  readonly stage: string;
  readonly connectedAtMs: number;
  /** When something last went either way. */
  readonly lastActiveAtMs: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** Sends text. Resolves once it is written; rejects where the client is gone. */
  send(text: string): Promise<void>;
  /** Ends the connection as the API's owner, with code 1000. */
  close(): void;
}

/** The open connections of every WebSocket API: they share one name space, as their ids are random. */
export class ConnectionStore {
  readonly #byId = new Map<string, Connection>();

  get size(): number {
    return this.#byId.size;
  }

  add(connection: Connection): void {
    this.#byId.set(connection.id, connection);
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  get(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  ofApi(apiId: string): readonly Connection[] {
    return [...this.#byId.values()].filter((connection) => connection.apiId === apiId);
  }
}
