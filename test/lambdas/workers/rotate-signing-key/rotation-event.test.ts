import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { RotationEvent } from '../../../../lambdas/workers/rotate-signing-key/rotation-event.ts';

describe('RotationEvent', () => {
  it('is what Secrets Manager sends', () => {
    const event = { SecretId: 'arn', ClientRequestToken: 'token', Step: 'createSecret', RotationToken: 'ignored' };
    expect(v.parse(RotationEvent, event)).toEqual({
      SecretId: 'arn',
      ClientRequestToken: 'token',
      Step: 'createSecret',
    });
  });

  it('fails for a step that there is not', () => {
    const event = { SecretId: 'arn', ClientRequestToken: 'token', Step: 'deleteSecret' };
    expect(() => v.parse(RotationEvent, event)).toThrow(/received "deleteSecret"/);
  });
});
