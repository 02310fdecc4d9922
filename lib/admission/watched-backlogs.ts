import type { BacklogSpec } from '../../lambdas/contract/controller-spec.ts';
import type { Route } from '../api/route.ts';
import { SpillwayError } from '../spillway-error.ts';

/**
 * The queues whose age decides about requests of the routes, each once; names may be tokens.
 * @throws SpillwayError for two queues of one name: what is told of one would be taken for the other's
 */
export function watchedBacklogs(routes: readonly Route[]): readonly BacklogSpec[] {
  const targets = routes.flatMap(({ whenBehind }) => (whenBehind === undefined ? [] : [whenBehind.target]));
  return [...Map.groupBy(targets, ({ name }) => name)].map(([work, same]) => {
    const [{ queue, maxAge }] = same as [(typeof same)[number]];
    const other = same.find((target) => target.queue !== queue);
    if (other !== undefined) {
      throw new SpillwayError(
        'duplicate-queue',
        `queues must have different names, got '${work}' for ${queue.node.path} and ${other.queue.node.path}`,
      );
    }
    return { work, queueName: queue.queueName, maxAgeSeconds: maxAge.toSeconds() };
  });
}
