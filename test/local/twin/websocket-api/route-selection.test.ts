// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how API Gateway embeds expressions.
import { describe, expect, it } from 'vitest';
import { routeSelection } from '../../../../local/twin/websocket-api/route-selection.ts';

describe('routeSelection', () => {
  it.each([
    ['$request.body.action', '{"action":"join"}', 'join'],
    ['$request.body.message.kind', '{"message":{"kind":"join"}}', 'join'],
    ['${request.body.action}', '{"action":7}', '7'],
    ['${request.body.service}/${request.body.action}', '{"service":"chat","action":"join"}', 'chat/join'],
    ['$request.body.action', '{}', undefined],
    ['$request.body.action', '{"action":{"deep":true}}', undefined],
    ['$request.body.action', '{"action":null}', undefined],
    ['$request.body.action', 'no JSON', undefined],
    ['$request.body.action', '"text"', undefined],
    ['$request.body.toString', '{}', undefined],
  ])('reads %s of %s', (expression, message, expected) => {
    expect(routeSelection(expression)(message)).toBe(expected);
  });

  it('fails on an expression that does not read the message', () => {
    expect(() => routeSelection('action')).toThrow(
      "a route selection expression reads the message, such as $request.body.action, got 'action'",
    );
  });
});
