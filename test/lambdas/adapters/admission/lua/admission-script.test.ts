import { describe, expect, it } from 'vitest';
import {
  ADMISSION_SCRIPT,
  ADMISSION_SHA,
  plannedScript,
  shaOf,
} from '../../../../../lambdas/adapters/admission/lua/admission-script.ts';

describe('plannedScript', () => {
  it('is the script with its plan written in, in numbers that no Lua takes for integers', () => {
    const script = plannedScript([1, 0.1, 1e21, -2, '3600000']);
    expect(script).toContain(`local p = { 1.0, 0.1, 1e+21, -2.0, "3600000" }\n`);
    expect(script).not.toContain('cjson');
    expect(script.length).toBeLessThan(ADMISSION_SCRIPT.length + 50);
  });
});

describe('shaOf', () => {
  it('is the name that a store gives the script', () => {
    expect(shaOf('return 1')).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db');
    expect(ADMISSION_SHA).toBe(shaOf(ADMISSION_SCRIPT));
  });
});
