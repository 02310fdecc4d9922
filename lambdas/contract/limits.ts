import * as v from 'valibot';
import { Backlog, LeverChange, Levers } from './controls.ts';
import { LIMIT_ALGORITHMS } from './limit-spec.ts';
import { PRIORITIES } from './priority.ts';

const Count = v.pipe(v.number(), v.minValue(0));

/** One limit as it stands for the caller. */
const OwnLimit = v.pipe(
  v.object({
    policy: v.pipe(v.string(), v.description('what levers and metrics call it')),
    name: v.pipe(v.string(), v.description('its name in RateLimit-Policy')),
    algorithm: v.picklist(LIMIT_ALGORITHMS),
    by: v.array(v.string()),
    quota: v.pipe(Count, v.description('units when nothing was taken, as the limit is written')),
    windowSeconds: v.pipe(Count, v.description('of a bucket the time that it takes to fill')),
    cost: v.pipe(Count, v.description('units that a request takes')),
    factor: v.optional(v.pipe(Count, v.description('by which operators have scaled the limit; absent for 1'))),
    onlyCounts: v.optional(v.pipe(v.boolean(), v.description('true where it refuses nobody'))),
    remaining: v.optional(v.pipe(Count, v.description('units left; absent while nobody can count'))),
    resetSeconds: v.optional(v.pipe(Count, v.description('until all units are there again'))),
  }),
  v.title('OwnLimit'),
);
export type OwnLimit = v.InferOutput<typeof OwnLimit>;

const OwnRoute = v.pipe(
  v.object({
    route: v.string(),
    priority: v.pipe(v.picklist(PRIORITIES), v.description('what is shed last comes first')),
    limits: v.pipe(v.array(v.string()), v.description('policies of the limits that a request has to pass')),
  }),
  v.title('OwnRoute'),
);

/** The breaker of one dependency of one service, as each shard has it. */
const BreakerStates = v.pipe(
  v.object({
    service: v.string(),
    dependency: v.string(),
    forced: v.optional(v.picklist(['forced-open', 'disabled'])),
    shards: v.array(v.picklist(['closed', 'open', 'half-open'])),
  }),
  v.title('BreakerStates'),
);
export type BreakerStates = v.InferOutput<typeof BreakerStates>;

/** What only administrators see. */
const Operations = v.pipe(
  v.object({
    isAlive: v.pipe(v.boolean(), v.description('false where the controller has said nothing for ten minutes')),
    levers: Levers,
    changes: v.pipe(v.array(LeverChange), v.description('the last ten changes of the levers, newest first')),
    unknownNames: v.pipe(
      v.array(v.string()),
      v.description('policies and dependencies that the levers name and the API does not have: misspelt, or gone'),
    ),
    overload: v.pipe(Count, v.description('that CloudWatch and breakers show, 0 to 1')),
    causes: v.array(v.string()),
    shares: v.pipe(
      v.record(v.string(), v.array(v.number())),
      v.description('part of each fleet-wide limit that each admission shard has'),
    ),
    backlogs: v.pipe(v.record(v.string(), Backlog), v.description('queues of work that are behind')),
    breakers: v.optional(v.pipe(v.array(BreakerStates), v.description('absent while the store is gone'))),
  }),
  v.title('Operations'),
);

/** Answer of `GET /api/limits`. */
export const LimitsReply = v.pipe(
  v.object({
    tier: v.string(),
    countedBy: v.pipe(
      v.picklist(['fleet', 'environment', 'nobody']),
      v.description(
        'whose counts these are: the whole fleet’s, or while the store is gone those of one environment, or none',
      ),
    ),
    limits: v.array(OwnLimit),
    routes: v.array(OwnRoute),
    operations: v.optional(Operations),
  }),
  v.title('LimitsReply'),
);
export type LimitsReply = v.InferOutput<typeof LimitsReply>;
