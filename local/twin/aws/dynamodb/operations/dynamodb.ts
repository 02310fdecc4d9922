import type { Table } from '../storage/table.ts';
import type { TableStore } from '../storage/table-store.ts';
import type { Throughput } from '../throughput.ts';

/** What the operations work on. */
export interface DynamoDb {
  readonly tables: TableStore;
  readonly nowMs: () => number;
  /** `undefined` where tables take any load. */
  readonly throughput: Throughput | undefined;
  /** Has to be called after the definition of a table was changed. */
  saveDefinition(table: Table): void;
  /** Removes a table with everything that belongs to it. */
  drop(table: Table): void;
}
