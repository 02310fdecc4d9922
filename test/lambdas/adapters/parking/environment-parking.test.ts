import { describe, expect, it } from 'vitest';
import { createEnvironmentParking } from '../../../../lambdas/adapters/parking/environment-parking.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const ENVIRONMENT = { SPILLWAY_PARKING_QUEUE: 'https://sqs.example/1/parking', SPILLWAY_PARKED_TABLE: 'parked' };

describe('createEnvironmentParking', () => {
  it('needs a queue and a table, and calls nobody until it is used', () => {
    expect(createEnvironmentParking(ENVIRONMENT, new ManualClock())).toMatchObject({
      table: expect.anything(),
      queue: expect.anything(),
    });
  });

  it.each(Object.keys(ENVIRONMENT))('fails without %s', (name) => {
    expect(() => createEnvironmentParking({ ...ENVIRONMENT, [name]: '' }, new ManualClock())).toThrow(
      `environment variable ${name} is missing`,
    );
  });
});
