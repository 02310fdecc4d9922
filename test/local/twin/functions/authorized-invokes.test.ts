import { describe, expect, it, vi } from 'vitest';
import type { Principal } from '../../../../local/twin/aws/principal.ts';
import { authorizedInvokes } from '../../../../local/twin/functions/authorized-invokes.ts';
import type { Functions } from '../../../../local/twin/functions/functions.ts';

const gateway: Principal = { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn: 'arn:of:method' };
const denied = { ok: false, kind: 'denied', errorType: 'AccessDeniedException', errorMessage: 'not by you' };
const done = { ok: true, payload: 1 };

function setUp(isStarted = true) {
  const invoke = vi.fn(async () => done);
  const functions = { invoke, invokeAsync: invoke } as unknown as Functions;
  const authorizeInvoke = (principal: Principal) => (principal.kind === 'owner' ? undefined : 'not by you');
  return { invoke, invokes: authorizedInvokes({ authorizeInvoke }, () => (isStarted ? functions : undefined)) };
}

describe('authorizedInvokes', () => {
  it.each(['invoke', 'invokeAsync'] as const)('%s asks IAM first, and invokes as the owner by default', async (way) => {
    const { invoke, invokes } = setUp();
    expect(await invokes[way]('feed', { a: 1 })).toEqual(done);
    expect(invoke).toHaveBeenCalledExactlyOnceWith('feed', { a: 1 }, { kind: 'owner' }, {});
    expect(await invokes[way]('feed', {}, gateway)).toEqual(denied);
    expect(invoke).toHaveBeenCalledTimes(1);
  });

  it('fails while there are no functions yet', async () => {
    expect(await setUp(false).invokes.invoke('feed', {})).toMatchObject({
      ok: false,
      errorMessage: 'the twin is still starting',
    });
  });
});
