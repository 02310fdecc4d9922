import { randomUUID } from 'node:crypto';
import type { AwsCall, AwsService, Input } from '../aws-call.ts';
import { optionalText } from '../lenient-members.ts';
import { type EventRouter, isoSeconds } from './event-router.ts';
import type { BusEvent, EventStore } from './event-store.ts';
import { validation } from './events-error.ts';

const ENTRIES_MAX = 10;
/** Since 2026; 256 KB before. */
const REQUEST_MAX_BYTES = 1_048_576;
const TIME_BYTES = 14;

export interface PutEventsOptions {
  readonly store: EventStore;
  readonly router: EventRouter;
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
}

interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** PutEvents: each entry is taken or refused by itself. */
export function putEventsOperation(options: PutEventsOptions): AwsService {
  const { store, router, log } = options;
  return {
    PutEvents: (input, call) => {
      const entries = Array.isArray(input.Entries) ? (input.Entries as readonly Input[]) : [];
      if (entries.length < 1 || entries.length > ENTRIES_MAX) {
        const bound = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${ENTRIES_MAX}`;
        throw validation(
          `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
        );
      }
      if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= REQUEST_MAX_BYTES) {
        throw validation('Total size of the entries in the request is over the limit.');
      }
      const Entries = entries.map((entry) => {
        const refusal = refusalOf(entry, call);
        if (refusal) return refusal;
        const busName = optionalText(entry, 'EventBusName');
        const event = eventOf(entry, options);
        const bus = store.findBus(busName);
        // AWS takes events for a bus that is not there, and nobody ever sees them.
        if (bus) router.route(event, bus);
        else log(`an event of ${event.source} was put to the event bus '${busName}', which does not exist`);
        return { EventId: event.id };
      });
      return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
    },
  };
}

/** As "Calculating PutEvents event entry size" counts. */
function sizeOf({ Time, Source, DetailType, Detail, Resources }: Input): number {
  const texts = [Source, DetailType, Detail, ...(Array.isArray(Resources) ? Resources : [])];
  const bytes = texts.reduce<number>((sum, text) => sum + Buffer.byteLength(String(text ?? '')), 0);
  return bytes + (Time === undefined || Time === null ? 0 : TIME_BYTES);
}

function refusalOf(entry: Input, { accessKeyId }: AwsCall): Refusal | undefined {
  for (const member of ['Source', 'DetailType', 'Detail']) {
    if (optionalText(entry, member)) continue;
    const ErrorMessage = `Parameter ${member} is not valid. Reason: ${member} is a required argument.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage };
  }
  // The twin itself hands on events of AWS's services, from one bus to another.
  if (accessKeyId !== undefined && String(entry.Source).startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  if (String(entry.DetailType).length > 128) {
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter DetailType is not valid. Reason: DetailType must be at most 128 characters.',
    };
  }
  return parseDetail(entry) === undefined
    ? { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
    : undefined;
}

function parseDetail({ Detail }: Input): object | undefined {
  try {
    const parsed: unknown = JSON.parse(String(Detail));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function eventOf(entry: Input, { region, accountId, nowMs }: PutEventsOptions): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': String(entry.DetailType),
    source: String(entry.Source),
    account: accountId,
    time: isoSeconds(timeMs(entry.Time) ?? nowMs()),
    region,
    resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
    detail: parseDetail(entry),
  };
}

/** Seconds since 1970, as the SDK writes them, or a text, as an API's mapping template may. */
function timeMs(time: unknown): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = Number.isFinite(Number(time)) ? Number(time) * 1_000 : Date.parse(String(time));
  return Number.isFinite(ms) ? ms : undefined;
}
