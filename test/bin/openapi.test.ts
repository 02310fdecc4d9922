import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { renderOpenApi } from '../../bin/openapi.ts';

const written = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');

describe('docs/openapi.json', () => {
  it('is what the routes say today; `npm run openapi` writes it anew', () => {
    expect(renderOpenApi()).toBe(written);
  });

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(written));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });
});
