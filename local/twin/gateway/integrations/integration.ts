import type { Refusal } from '../answer/refusal.ts';
import type { Reply } from '../answer/reply.ts';
import type { Exchange } from '../exchange.ts';

/** What stands behind a method. Never rejects: whatever goes wrong behind the gateway is a refusal. */
export interface Integration {
  /** As in the template: `AWS`, `AWS_PROXY`, `HTTP`, `HTTP_PROXY`, `MOCK`. */
  readonly type: string;
  /** What is called, for people: a function's ARN, `sqs:path/…`, a URL, or nothing. */
  readonly target: string | undefined;
  call(exchange: Exchange): Promise<Reply | Refusal>;
}
