import { describe, expect, it } from 'vitest';
import { readAdmissionView } from '../../../../local/demo/overload/admission-view.ts';

describe('readAdmissionView', () => {
  it('reads what the service writes', () => {
    const header = 'overload=0.417, in-flight=5, limit=4.500, parked=3, breaker=half-open';
    expect(readAdmissionView({ 'drill-admission': header })).toEqual({
      overload: 0.417,
      inFlight: 5,
      limit: 4.5,
      parked: 3,
      breaker: 'half-open',
    });
  });

  it('has no breaker where the route asks no dependency, or the state is not known', () => {
    for (const more of ['', ', breaker=ajar']) {
      const view = readAdmissionView({ 'drill-admission': `overload=0, in-flight=0, limit=5, parked=0${more}` });
      expect(view).toEqual({ overload: 0, inFlight: 0, limit: 5, parked: 0 });
    }
  });

  it.each([undefined, '', 'overload=high', 'overload=0.1'])('is nothing for the header %j', (header) => {
    expect(readAdmissionView({ 'drill-admission': header })).toBeUndefined();
  });
});
