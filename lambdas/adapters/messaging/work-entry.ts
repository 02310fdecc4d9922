import type { WorkItem } from '../../contract/work.ts';

/** Work on its way to its queue. */
export interface WorkEntry {
  /** What the body says. */
  readonly item: Pick<WorkItem, 'id' | 'group'>;
  /** JSON of a `WorkItem`. */
  readonly body: string;
}
