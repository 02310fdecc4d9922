import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../../lib/api/dependency.ts';
import { Route } from '../../../lib/api/route.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { loadSignals } from '../../../lib/stacks/load-signals.ts';
import type { StageProps } from '../../../lib/stacks/stage-props.ts';
import { newApi } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function signalsOf(routes: readonly Route[], scaling: StageProps['scaling'] = {}) {
  const stack = flaggedStack();
  const api = newApi(stack);
  const handlersDirectory = FIXTURE_HANDLERS;
  api.addService('Feed', {
    handler: 'echo',
    handlersDirectory,
    dependencies: { search: {}, mail: {}, index: {} },
    routes,
  });
  const source = new EventStream(stack, 'Events', {
    retention: Duration.days(1),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const worker = new StreamWorker(stack, 'Worker', {
    ...{ handler: 'workers/echo', handlersDirectory, description: 'Works', source },
  });
  return loadSignals({ scaling }, { api, worker }).map(({ spec }) => spec);
}
const scope = 'feed:write';

describe('loadSignals', () => {
  it('are the backlog of the worker, and every function with what it reserves', () => {
    const signals = signalsOf([Route.get('/a', { scope, summary: 'A' })], { feed: { reservedConcurrency: 300 } });
    expect(signals).toMatchObject([
      { kind: 'consumer', maxAgeSeconds: 120 },
      { kind: 'function', reservedConcurrency: 300 },
    ]);
  });

  it('are breakers of what routes cannot do without, each once, and of nothing that they have a fallback for', () => {
    const signals = signalsOf([
      Route.get('/a', {
        scope,
        summary: 'A',
        dependencies: [Dependency.required('search'), Dependency.optional('mail')],
      }),
      Route.get('/b', {
        scope,
        summary: 'B',
        dependencies: [Dependency.required('search'), Dependency.optional('index')],
      }),
      Route.get('/c', { scope, summary: 'C', dependencies: [Dependency.required('mail')] }),
    ]);
    expect(signals.filter(({ kind }) => kind === 'breaker')).toEqual([
      { kind: 'breaker', service: 'Feed', dependency: 'search', overload: 0.5 },
      { kind: 'breaker', service: 'Feed', dependency: 'mail', overload: 0.5 },
    ]);
  });
});
