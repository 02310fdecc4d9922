import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { Route } from '../../../lib/api/route.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { loadSignals } from '../../../lib/stacks/load-signals.ts';
import type { StageProps } from '../../../lib/stacks/stage-props.ts';
import { addEcho, newApi } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function signals(scaling: StageProps['scaling']) {
  const stack = flaggedStack();
  const api = newApi(stack);
  const feed = addEcho(api, 'Feed', [Route.get('/feed', { scope: 'feed:read' })]);
  const identity = addEcho(api, 'Identity', [Route.get('/keys', { scope: Route.PUBLIC })]);
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
});
