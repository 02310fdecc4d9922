/** An event on its way to the stream. */
export interface EventEntry {
  /** The partition key: events of one aggregate keep their order. */
  readonly aggregate: string;
  /** JSON of a CloudEvent. */
  readonly body: string;
}
