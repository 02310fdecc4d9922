/** What an integration that is no proxy is asked: made out of the caller's request by parameters and a template. */
export interface EndpointRequest {
  /** Mapped headers, by name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  /** Values for the `{parameters}` of the integration's URI. */
  readonly path: ReadonlyMap<string, string>;
  readonly body: string | Buffer;
  /** The mapped header, or the type of the template, or the caller's. */
  readonly contentType: string;
}

/** What it answered. */
export interface EndpointResponse {
  readonly status: number;
  /** What selection patterns are held against: a function's error message, or the status. */
  readonly selectBy: string;
  /** By name in lower case; of several values all of them, joined as HTTP does. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | Buffer;
}
