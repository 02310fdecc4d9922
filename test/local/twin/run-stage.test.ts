import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin, type Twin } from '../../../local/twin/twin.ts';

const fixture = join(import.meta.dirname, '../../fixtures/assembly-small');

describe('applying another synthesis', () => {
  const changed = mkdtempSync(join(tmpdir(), 'spillway-changed-'));
  let twin: Twin;
  beforeAll(async () => {
    cpSync(fixture, changed, { recursive: true });
    twin = await startTwin({ assemblyDir: fixture, port: 0 });
  });
  afterAll(async () => {
    await twin.close();
    rmSync(changed, { recursive: true });
  });

  it('fails on an event source that is refused, and the sources of before go on', async () => {
    const file = join(changed, 'SmallService.template.json');
    const template = readFileSync(file, 'utf8');
    expect(template).toContain('"TRIM_HORIZON"');
    writeFileSync(file, template.replace('"TRIM_HORIZON"', '"SOMEWHERE"'));
    await expect(twin.apply(changed)).rejects.toThrow('SOMEWHERE');
    await fetch(`${twin.apiUrl}/items`, { method: 'POST', body: JSON.stringify({ id: 'ada' }) });
    const count = async () => ((await (await fetch(`${twin.apiUrl}/items?id=ada`)).json()) as { count?: string }).count;
    await expect.poll(count, { timeout: 10_000 }).toBe('1');
  });
});
