import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../lambdas/contract/problem.ts';
import { ServiceError } from '../../../lambdas/errors/service-error.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

async function answerTo(error: unknown) {
  const { logger, send } = createServiceFixture({
    routes: [{ method: 'GET', path: '/' }],
    handlers: {
      'GET /': async () => {
        throw error;
      },
    },
  });
  return { answer: await send({ resource: '/' }), line: logger.lines[0] };
}

describe('problemJson', () => {
  it('shows a refusal, with its headers', async () => {
    const { answer } = await answerTo(
      new ServiceError('email-taken', 'the address is taken', { statusCode: 409, headers: { 'X-Hint': 'log in' } }),
    );
    expect(answer).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json', 'x-hint': 'log in', 'access-control-allow-origin': '*' },
      body: {
        type: 'urn:spillway:problem:email-taken',
        title: 'Conflict',
        status: 409,
        detail: 'the address is taken',
        instance: 'request-1',
      },
    });
    expect(v.is(Problem, answer.body)).toBe(true);
  });

  it('hides why the service failed, and logs it with its stack', async () => {
    const error = new TypeError('secret of the house');
    const { answer, line } = await answerTo(error);
    expect(answer).toMatchObject({
      status: 500,
      body: {
        type: 'urn:spillway:problem:internal-error',
        title: 'Internal Server Error',
        status: 500,
        instance: 'request-1',
      },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(line).toMatchObject({ level: 'error', status: 500, error });
  });

  it('hides the message of a 5xx that does not say it may be shown', async () => {
    const { answer, line } = await answerTo(new ServiceError('down', 'table x is gone', { statusCode: 503 }));
    expect(answer.body).not.toHaveProperty('detail');
    expect(line?.level).toBe('error');
  });

  it('shows the message of a 5xx that does', async () => {
    const { answer } = await answerTo(new ServiceError('down', 'come back', { statusCode: 503, expose: true }));
    expect(answer.body).toMatchObject({ detail: 'come back' });
  });

  it('survives something thrown that is no error', async () => {
    const { answer } = await answerTo('text');
    expect(answer.status).toBe(500);
  });
});
