import type { WorkOrderKind } from '../../lambdas/contract/work-queue-spec.ts';

/** What a queue makes of the group that a piece of work belongs to. */
export class WorkOrder {
  /**
   * In order per group, one message of a group at a time: what waits for another try holds up its group. Groups are worked
   * on next to each other, so that there have to be as many as there is work to do at a time.
   */
  static fifo(): WorkOrder {
    return new WorkOrder('fifo');
  }

  /**
   * In no order, but a group, such as a tenant, that fills the queue waits behind those that do not (SQS fair queues). It is
   * told by what is in hand at a time, so that it takes some concurrency to work.
   */
  static fair(): WorkOrder {
    return new WorkOrder('fair');
  }

  readonly kind: WorkOrderKind;

  private constructor(kind: WorkOrderKind) {
    this.kind = kind;
  }
}
