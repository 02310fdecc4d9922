import type { DatabaseSync } from 'node:sqlite';
import type { Attributes } from './topic-attributes.ts';
import type { Tags } from './topic-store.ts';

export interface StoredTopic {
  readonly arn: string;
  readonly attributes: Attributes;
  readonly tags: Tags;
}
export interface StoredSubscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
}

/** Where topics and subscriptions are written through, and read from at the start. */
export interface TopicJournal {
  topics(): readonly StoredTopic[];
  subscriptions(): readonly StoredSubscription[];
  saveTopic(topic: StoredTopic): void;
  deleteTopic(arn: string): void;
  saveSubscription(subscription: Omit<StoredSubscription, 'topicArn'> & { readonly topic: StoredTopic }): void;
  deleteSubscription(arn: string): void;
}

const nothing = (): void => {};
export const NO_TOPIC_JOURNAL: TopicJournal = {
  topics: () => [],
  subscriptions: () => [],
  saveTopic: nothing,
  deleteTopic: nothing,
  saveSubscription: nothing,
  deleteSubscription: nothing,
};

/** Topics and subscriptions in SQLite. What was published and not delivered when the process ends is lost. */
export function topicDatabase(database: DatabaseSync): TopicJournal {
  database.exec(`
    CREATE TABLE IF NOT EXISTS sns_topic (arn TEXT PRIMARY KEY, content TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS sns_subscription (arn TEXT PRIMARY KEY, content TEXT NOT NULL);`);
  const all = <T>(table: string): T[] =>
    database
      .prepare(`SELECT content FROM ${table} ORDER BY rowid`)
      .all()
      .map(({ content }) => JSON.parse(String(content)) as T);
  const save = (table: string, arn: string, content: object): void => {
    database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`).run(arn, JSON.stringify(content));
  };
  const remove = (table: string, arn: string): void => {
    database.prepare(`DELETE FROM ${table} WHERE arn = ?`).run(arn);
  };
  return {
    topics: () => all<StoredTopic>('sns_topic'),
    subscriptions: () => all<StoredSubscription>('sns_subscription'),
    saveTopic: ({ arn, attributes, tags }) => save('sns_topic', arn, { arn, attributes, tags }),
    deleteTopic: (arn) => remove('sns_topic', arn),
    saveSubscription: ({ arn, topic, protocol, endpoint, attributes }) =>
      save('sns_subscription', arn, { arn, topicArn: topic.arn, protocol, endpoint, attributes }),
    deleteSubscription: (arn) => remove('sns_subscription', arn),
  };
}
