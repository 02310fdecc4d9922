import { describe, expect, it } from 'vitest';
import { addIdentityService } from '../../../../lib/stacks/services/identity-service.ts';
import { routeNamed, stageContext } from '../../../support/stage-context.ts';

const context = stageContext();
addIdentityService(context);

/** The limits of a route, without the ids under which they are kept. */
const limitsOf = (name: string) => routeNamed(context, name).limits.map(({ definition }) => definition);
const LOGIN_RATE = { algorithm: 'token-bucket', name: 'ip', by: ['ip'], ratePerSecond: 10, burst: 40 };

describe('addIdentityService', () => {
  it('locks logins after 10 failures from a network in 15 minutes, or 100 from everywhere in an hour', () => {
    expect(limitsOf('POST /login')).toMatchObject([
      LOGIN_RATE,
      {
        ...{ algorithm: 'sliding-log', name: 'failures', by: ['ip', 'body:email'], settled: true },
        ...{ max: 10, windowSeconds: 900 },
      },
      {
        ...{ algorithm: 'sliding-window', name: 'account-failures', by: ['body:email'], settled: true },
        ...{ max: 100, windowSeconds: 3_600 },
      },
    ]);
  });

  it('takes sign-ups of one address ten times an hour, wherever they come from', () => {
    expect(limitsOf('POST /signup')).toMatchObject([
      { algorithm: 'token-bucket', by: ['ip'], ratePerSecond: 5, burst: 20 },
      { algorithm: 'sliding-window', name: 'account', by: ['body:email'], max: 10, windowSeconds: 3_600 },
    ]);
  });

  it('bounds refreshes by network, since the token in the body may be anything', () => {
    expect(limitsOf('POST /token/refresh')).toMatchObject([LOGIN_RATE]);
  });

  it('counts nothing where verifiers ask for our keys, and asks nobody for a token', () => {
    expect(limitsOf('GET /.well-known/jwks.json')).toEqual([]);
    expect(context.api.routes.map(({ isPublic }) => isPublic)).not.toContain(false);
  });
});
