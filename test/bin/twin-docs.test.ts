import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderTwinDocs } from '../../bin/twin-docs.ts';

describe('docs/twin.md', () => {
  it('has the tables that the twin goes by; `npm run twin-docs` writes them', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/twin.md'), 'utf8');
    expect(text).toBe(renderTwinDocs());
  });
});
