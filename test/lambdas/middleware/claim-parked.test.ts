import { describe, expect, it } from 'vitest';
import { claimParked } from '../../../lambdas/middleware/claim-parked.ts';
import { openExchange, type Reply } from '../../../lambdas/middleware/exchange.ts';
import { openReadmission, type Readmission } from '../../../lambdas/middleware/readmission.ts';
import { ParkingWorld } from '../../support/parking-world.ts';
import { proxyEvent } from '../../support/proxy-event.ts';

/** Runs the middleware over a request; `outcome` is what the claim says, undefined where the request was not parked. */
async function claiming(outcome: boolean | undefined, reply?: Reply) {
  const event = proxyEvent({ resource: '/' });
  const exchange = { ...new ParkingWorld().exchange(event), ...(reply && { reply }) };
  openExchange(event, exchange);
  let claims = 0;
  const readmission: Readmission = {
    parkedId: 'p',
    parkedAtMs: 0,
    deadlineMs: 1,
    holdsPlace: true,
    claimed: 'none',
    claim: async () => {
      claims += 1;
      return outcome ?? false;
    },
  };
  if (outcome !== undefined) openReadmission(event, readmission);
  await claimParked().before?.({ event } as never);
  return { claims, claimed: readmission.claimed, reply: exchange.reply };
}

describe('claimParked', () => {
  it('lets the one go on who gets the claim', async () => {
    expect(await claiming(true)).toEqual({ claims: 1, claimed: 'ours', reply: undefined });
  });

  it('answers in place of the handler where somebody else has it', async () => {
    const outcome = await claiming(false);
    expect(outcome).toMatchObject({ claims: 1, claimed: 'refused', reply: { statusCode: 409 } });
  });

  it('does not claim what admission has refused', async () => {
    const reply: Reply = { statusCode: 503, headers: {}, body: '' };
    expect(await claiming(true, reply)).toEqual({ claims: 0, claimed: 'none', reply });
  });

  it('has nothing to do with other requests', async () => {
    expect(await claiming(undefined)).toEqual({ claims: 0, claimed: 'none', reply: undefined });
  });
});
