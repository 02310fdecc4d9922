import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Restored } from './queue.ts';
import type { QueueAttributes } from './queue-attributes.ts';
import { NO_JOURNAL, type QueueJournal } from './queue-journal.ts';
import type { MessageContent, QueueMessage } from './queue-message.ts';

export interface StoredQueue {
  readonly name: string;
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sqs_queue (
    name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL, created_ms REAL NOT NULL, modified_ms REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sqs_message (
    queue TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL,
    due_ms REAL NOT NULL, receive_count INTEGER NOT NULL, receives_here INTEGER NOT NULL, first_received_ms REAL,
    received_ms REAL NOT NULL, PRIMARY KEY (queue, id)
  ) WITHOUT ROWID;`;

const PAST = ['state', 'due_ms', 'receive_count', 'receives_here', 'first_received_ms', 'received_ms'];

/**
 * Queues and messages in SQLite, written through as they change. Deduplication of the last five minutes and move tasks are
 * not kept over a restart.
 */
export class QueueDatabase {
  readonly #database: DatabaseSync;
  readonly #saveQueue;
  readonly #add;
  readonly #update;
  readonly #remove;
  /** Messages that are only being loaded are not written again. */
  #isLoading = true;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
    this.#saveQueue = database.prepare('INSERT OR REPLACE INTO sqs_queue VALUES (?, ?, ?, ?, ?)');
    this.#add = database.prepare('INSERT OR REPLACE INTO sqs_message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const settings = PAST.map((column) => `${column} = ?`).join(', ');
    this.#update = database.prepare(`UPDATE sqs_message SET ${settings} WHERE queue = ? AND id = ?`);
    this.#remove = database.prepare('DELETE FROM sqs_message WHERE queue = ? AND id = ?');
  }

  queues(): StoredQueue[] {
    const rows = this.#database.prepare('SELECT * FROM sqs_queue').all();
    return rows.map((row) => ({
      name: String(row.name),
      attributes: JSON.parse(String(row.attributes)) as QueueAttributes,
      tags: JSON.parse(String(row.tags)) as Record<string, string>,
      createdMs: Number(row.created_ms),
      modifiedMs: Number(row.modified_ms),
    }));
  }

  /** In the order in which they were put in. */
  messages(queue: string): { readonly content: MessageContent; readonly past: Restored }[] {
    const rows = this.#database.prepare('SELECT * FROM sqs_message WHERE queue = ? ORDER BY position').all(queue);
    return rows.map((row) => ({
      content: JSON.parse(String(row.content)) as MessageContent,
      past: {
        order: Number(row.position),
        state: String(row.state) as QueueMessage['state'],
        dueMs: Number(row.due_ms),
        receiveCount: Number(row.receive_count),
        receivesHere: Number(row.receives_here),
        firstReceivedMs: row.first_received_ms === null ? undefined : Number(row.first_received_ms),
        receivedMs: Number(row.received_ms),
      },
    }));
  }

  saveQueue({ name, attributes, tags, createdMs, modifiedMs }: StoredQueue): void {
    this.#saveQueue.run(name, JSON.stringify(attributes), JSON.stringify(tags), createdMs, modifiedMs);
  }

  deleteQueue(name: string): void {
    this.#database.prepare('DELETE FROM sqs_queue WHERE name = ?').run(name);
    this.#database.prepare('DELETE FROM sqs_message WHERE queue = ?').run(name);
  }

  /** From now on journals write. */
  beginJournal(): void {
    this.#isLoading = false;
  }

  journal(queue: string): QueueJournal {
    const unlessLoading =
      <T extends unknown[]>(run: (...args: T) => void) =>
      (...args: T): void => {
        if (!this.#isLoading) run(...args);
      };
    return {
      ...NO_JOURNAL,
      add: unlessLoading((message) => {
        this.#add.run(queue, message.id, message.order, JSON.stringify(contentOf(message)), ...pastOf(message));
      }),
      update: (message) => {
        this.#update.run(...pastOf(message), queue, message.id);
      },
      remove: (message) => {
        this.#remove.run(queue, message.id);
      },
      clear: () => {
        this.#database.prepare('DELETE FROM sqs_message WHERE queue = ?').run(queue);
      },
    };
  }
}

function pastOf(message: QueueMessage): SQLInputValue[] {
  const { state, dueMs, receiveCount, receivesHere, firstReceivedMs, receivedMs } = message;
  return [state, dueMs, receiveCount, receivesHere, firstReceivedMs ?? null, receivedMs];
}

function contentOf(message: QueueMessage): MessageContent {
  const { id, body, md5OfBody, attributes, md5OfAttributes, traceHeader, senderId, sentMs } = message;
  const { groupId, deduplicationId, sequenceNumber, deadLetterSourceArn } = message;
  const head = { id, body, md5OfBody, attributes, md5OfAttributes, traceHeader, senderId, sentMs };
  return { ...head, groupId, deduplicationId, sequenceNumber, deadLetterSourceArn };
}
