import { describe, expect, it } from 'vitest';
import { stackName } from '../../../lambdas/contract/stack-name.ts';

describe('stackName', () => {
  it('is the one under which stages are deployed: another one would be another stack', () => {
    expect(stackName('dev', 'Data')).toBe('SpillwayDevData');
    expect(stackName('my-stage', 'Service')).toBe('SpillwayMy-stageService');
  });
});
