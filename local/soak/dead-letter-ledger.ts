/** A message that nobody can read, put into a queue of work. */
export interface PoisonMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly body: string;
}

/** A message of a dead-letter queue. */
export interface DeadLetter {
  /** The queue of work that it was in. */
  readonly queue: string;
  readonly body: string;
  /** What the worker said when it set it aside; empty where SQS moved it. */
  readonly attributes: Readonly<Record<string, string>>;
  /** `id` of the work, where it is any. */
  readonly workId: string | undefined;
}

/** A record that a consumer of the stream gave up. */
export interface FailedRecord {
  readonly consumer: string;
  readonly sequenceNumber: string;
}

export interface DeadLetterBooks {
  readonly poisonMessages: readonly PoisonMessage[];
  /** Sequence numbers of records that nobody can read. */
  readonly poisonRecords: readonly string[];
  /** Consumers of the stream. */
  readonly consumers: readonly string[];
  readonly letters: readonly DeadLetter[];
  readonly failedRecords: readonly FailedRecord[];
  /** Objects with failed records that no message names. */
  readonly unnamedObjects: readonly string[];
  /** Path of each other queue that should be empty → messages in it. */
  readonly leftIn: ReadonlyMap<string, number>;
}

const REASONS = ['error', 'attempts', 'setAsideAt', 'sourceMessageId'];

/** Poison that was not set aside, or without its reason, and whatever else is where only poison should be. */
export function deadLetterBreaches(books: DeadLetterBooks): string[] {
  return [
    ...messageBreaches(books),
    ...recordBreaches(books),
    ...books.unnamedObjects.map((key) => `no message names the failed records in ${key}`),
    ...[...books.leftIn].flatMap(([path, count]) => (count > 0 ? [`${count} messages are left in ${path}`] : [])),
  ];
}

function messageBreaches({ poisonMessages, letters }: DeadLetterBooks): string[] {
  const found: string[] = [];
  const bySource = Map.groupBy(letters, ({ attributes }) => attributes.sourceMessageId ?? '');
  for (const { queue, messageId, body } of poisonMessages) {
    // Twice is no breach: whoever dies between the dead letter and the acknowledgement sets it aside once more.
    const own = bySource.get(messageId) ?? [];
    if (own.length === 0) found.push(`poison ${messageId} of queue ${queue} was not set aside`);
    if (own.some((letter) => letter.body !== body)) found.push(`poison ${messageId} of queue ${queue} was changed`);
    for (const { attributes } of own) {
      const missing = REASONS.filter((name) => !attributes[name]);
      if (missing.length > 0) found.push(`poison ${messageId} was set aside without ${missing.join(', ')}`);
    }
  }
  const poison = new Set(poisonMessages.map(({ messageId }) => messageId));
  for (const { queue, attributes, workId, body } of letters) {
    if (poison.has(attributes.sourceMessageId ?? '')) continue;
    const reason = attributes.error ?? 'nobody says why';
    found.push(`work ${workId ?? body.slice(0, 80)} of queue ${queue} is among the dead letters: ${reason}`);
  }
  return found;
}

function recordBreaches({ poisonRecords, consumers, failedRecords }: DeadLetterBooks): string[] {
  const found: string[] = [];
  const poison = new Set(poisonRecords);
  for (const consumer of consumers) {
    const given = new Set(
      failedRecords.filter((each) => each.consumer === consumer).map((each) => each.sequenceNumber),
    );
    for (const sequenceNumber of poison) {
      if (!given.has(sequenceNumber)) found.push(`${consumer} did not set aside poison record ${sequenceNumber}`);
    }
    for (const sequenceNumber of given) {
      if (!poison.has(sequenceNumber)) found.push(`${consumer} gave up record ${sequenceNumber}, which is no poison`);
    }
  }
  for (const { consumer } of failedRecords) {
    if (!consumers.includes(consumer)) found.push(`${consumer} gave up a record`);
  }
  return found;
}
