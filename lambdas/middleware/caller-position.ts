import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { LoadCheck } from '../adapters/admission/admission.ts';
import type { Priority } from '../contract/priority.ts';
import { priorityPosition } from '../resilience/load/priority-position.ts';
import { clientNetwork } from './client-network.ts';
import type { Caller } from './route-request.ts';

/** The order of callers changes with the hour (DAGOR, section 4.2.2): nobody is always the first to be shed. */
const ORDER_LASTS_MS = 3_600_000;

/** Who decides the shard, and the order among equals: the tenant, else the user, else the network. */
export function callerOf(event: APIGatewayProxyEvent, caller: Caller | undefined): string {
  if (caller?.tenant !== undefined) return `tenant:${caller.tenant}`;
  if (caller !== undefined) return `user:${caller.sub}`;
  return `ip:${clientNetwork(event.requestContext.identity.sourceIp)}`;
}

export interface PositionedRequest {
  /** Whose session stays whole while others are shed. */
  readonly person: string;
  readonly priority: Priority;
  readonly nowMs: number;
  readonly parkable: boolean;
  readonly readmitted: boolean;
}

/** Where a request stands while not all can be served. Two requests of a person within an hour stand alike. */
export function loadCheck({ person, priority, nowMs, parkable, readmitted }: PositionedRequest): LoadCheck {
  const hour = Math.floor(nowMs / ORDER_LASTS_MS);
  return { position: priorityPosition(priority, unitHash(`${hour}:${person}`)), parkable, readmitted };
}

/** FNV-1a with 32 bits, spread over 0 to 1 (exclusive). */
function unitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // FNV mixes its last characters badly into the high bits: one more round of xor and multiply (murmur3's finalizer).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
