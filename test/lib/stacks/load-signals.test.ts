import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../../lib/api/dependency.ts';
import { Route } from '../../../lib/api/route.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { loadSignals } from '../../../lib/stacks/load-signals.ts';
import type { StageProps } from '../../../lib/stacks/stage-props.ts';
import { addEcho, newApi } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function signals(scaling: StageProps['scaling'], shop: readonly Route[] = []) {
  const stack = flaggedStack();
  const api = newApi(stack);
  const feed = addEcho(api, 'Feed', [Route.get('/feed', { scope: 'feed:read' })]);
  const identity = addEcho(api, 'Identity', [Route.get('/keys', { scope: Route.PUBLIC })]);
  if (shop.length > 0) {
    api.addService('Shop', {
      ...{ handler: 'echo', handlersDirectory: FIXTURE_HANDLERS, routes: shop },
      dependencies: { search: {}, mail: {}, index: {} },
    });
  }
  const worker = new StreamWorker(stack, 'Worker', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Reads events',
    source: new EventStream(stack, 'Events', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  const names = { feed, identity, worker: worker.function };
  const specs = loadSignals({ scaling }, { api, worker }).map(({ spec }) => stack.resolve(spec));
  const name = (of: keyof typeof names) => stack.resolve(names[of].function.functionName);
  return { specs, name };
}

describe('loadSignals', () => {
  it('looks at how far the worker is behind, and at every service', () => {
    const { specs, name } = signals({});
    expect(specs).toEqual([
      { kind: 'consumer', name: name('worker'), maxAgeSeconds: 120 },
      { kind: 'function', name: name('feed') },
      { kind: 'function', name: name('identity') },
    ]);
  });

  it('measures a service against the concurrency that the stage reserves for it', () => {
    const { specs, name } = signals({ identity: { reservedConcurrency: 30 } });
    expect(specs.slice(1)).toEqual([
      { kind: 'function', name: name('feed') },
      { kind: 'function', name: name('identity'), reservedConcurrency: 30 },
    ]);
  });

  it('looks at the breakers of what routes cannot do without, each once, and of nothing that they have a fallback for', () => {
    const scope = 'feed:read';
    const { specs } = signals({}, [
      Route.get('/a', { scope, dependencies: [Dependency.required('search'), Dependency.optional('mail')] }),
      Route.get('/b', { scope, dependencies: [Dependency.required('search'), Dependency.optional('index')] }),
      Route.get('/c', { scope, dependencies: [Dependency.required('mail')] }),
    ]);
    expect(specs.filter(({ kind }: { kind: string }) => kind === 'breaker')).toEqual([
      { kind: 'breaker', service: 'Shop', dependency: 'search', overload: 0.5 },
      { kind: 'breaker', service: 'Shop', dependency: 'mail', overload: 0.5 },
    ]);
  });
});
