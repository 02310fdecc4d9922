import { describe, expect, test } from 'vitest';
import { invocationUri, type RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { failed, startTestGateway } from '../../../../support/test-gateway.ts';

const fixture = (integration: Record<string, unknown> = {}): RestApiFixture => ({
  methods: [
    {
      route: 'POST /things',
      integration: {
        ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: invocationUri('service') },
        IntegrationResponses: [{ StatusCode: '200' }, { StatusCode: '400', SelectionPattern: 'Could not parse.*' }],
        ...integration,
      },
    },
  ],
});
const post = (body: string) => ({ method: 'POST', body });

describe('a Lambda integration without proxy', () => {
  test('hands the body over as the event, and the result back as JSON', async () => {
    const gateway = await startTestGateway(fixture(), { service: () => ['a', { b: 1 }] });
    const answer = await gateway.get('/things', post('{"x":1}'));
    expect([answer.status, answer.json]).toEqual([200, ['a', { b: 1 }]]);
    expect(gateway.calls.service).toEqual([{ x: 1 }]);
  });

  test('makes an empty object of an empty body, and null of no result', async () => {
    const gateway = await startTestGateway(fixture(), { service: () => undefined });
    expect((await gateway.get('/things', post(''))).text).toBe('null');
    expect(gateway.calls.service).toEqual([{}]);
  });

  test('refuses a body that is no JSON as Lambda does', async () => {
    const gateway = await startTestGateway(fixture());
    const answer = await gateway.get('/things', post('x'));
    expect([answer.status, answer.json]).toEqual([
      400,
      { Type: 'User', message: 'Could not parse request body into json' },
    ]);
    expect(gateway.calls.service).toBeUndefined();
  });

  test('does not wait where the invocation type is Event', async () => {
    const RequestParameters = { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" };
    const taken: unknown[] = [];
    const invokeAsync = async (name: string, event: unknown) => {
      taken.push(name.split(':').at(-1), event);
      return { ok: true } as const;
    };
    const gateway = await startTestGateway(fixture({ RequestParameters }), {}, { invokeAsync });
    const answer = await gateway.get('/things', post('{"x":1}'));
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(taken).toEqual(['service', { x: 1 }]);
    expect(gateway.calls.service).toBeUndefined();
  });

  test.each([
    ['throttled', failed('throttled', 'TooManyRequestsException', 'slow'), /^Lambda throttled /],
    ['not there', failed('unknown-function', 'ResourceNotFoundException', 'x'), /^there is no function /],
    ['not to be invoked', failed('denied', 'AccessDeniedException', 'x'), /may not be invoked: AccessDeniedException/],
  ])('with a function that is %s is a 500, whatever the patterns', async (_, outcome, reason) => {
    const gateway = await startTestGateway(fixture(), { service: () => outcome });
    const answer = await gateway.get('/things', post('{}'));
    expect([answer.status, answer.json]).toEqual([500, { message: 'Internal server error' }]);
    expect(gateway.access[0]?.refusal?.reason).toMatch(reason);
  });

  test('that takes longer than its time is a 504', async () => {
    const gateway = await startTestGateway(fixture({ TimeoutInMillis: 50 }), {
      service: () => new Promise(() => {}),
    });
    expect((await gateway.get('/things', post('{}'))).status).toBe(504);
  });
});
