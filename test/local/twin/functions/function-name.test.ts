import { describe, expect, it } from 'vitest';
import { parseFunctionName } from '../../../../local/twin/functions/function-name.ts';

describe('parseFunctionName', () => {
  it.each([
    ['feed', 'feed', undefined],
    ['feed:live', 'feed', 'live'],
    ['feed:$LATEST', 'feed', '$LATEST'],
    ['111122223333:function:feed', 'feed', undefined],
    ['111122223333:function:feed:1', 'feed', '1'],
    ['arn:aws:lambda:eu-west-1:111122223333:function:feed', 'feed', undefined],
    ['arn:aws:lambda:eu-west-1:111122223333:function:feed:live', 'feed', 'live'],
  ])('reads %s', (text, name, qualifier) => {
    expect(parseFunctionName(text)).toEqual({ name, qualifier });
  });
});
