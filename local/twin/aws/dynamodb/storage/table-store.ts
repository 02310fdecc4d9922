import { AwsError } from '../../aws-error.ts';
import { Table, type TableChange } from './table.ts';
import type { TableDefinition } from './table-definition.ts';

export interface TableStoreOptions {
  readonly region: string;
  readonly accountId: string;
  /** Told of each write after it was made. */
  readonly onChange: (change: TableChange) => void;
}

/** All tables by name. */
export class TableStore {
  readonly #tables = new Map<string, Table>();
  readonly #options: TableStoreOptions;

  constructor(options: TableStoreOptions) {
    this.#options = options;
  }

  get region(): string {
    return this.#options.region;
  }

  /** A table by its name or ARN. */
  find(name: string): Table | undefined {
    return this.#tables.get(tableNameOf(name));
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Table {
    const table = this.#tables.get(tableNameOf(name));
    if (table) return table;
    throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  }

  /** As operations on tables themselves refuse a name. @throws AwsError ResourceNotFoundException */
  getNamed(name: string): Table {
    const table = this.find(name);
    if (table) return table;
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${tableNameOf(name)} not found`,
    );
  }

  add(definition: TableDefinition): Table {
    const table = new Table(definition, this.arnOf(definition.TableName), this.#options.onChange);
    this.#tables.set(table.name, table);
    return table;
  }

  remove(name: string): void {
    this.#tables.delete(name);
  }

  values(): IterableIterator<Table> {
    return this.#tables.values();
  }

  arnOf(name: string): string {
    return `arn:aws:dynamodb:${this.#options.region}:${this.#options.accountId}:table/${name}`;
  }
}

/** `TableName` may be the table's ARN. */
export function tableNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn;
}
