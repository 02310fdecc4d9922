import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { assembleStage } from './assemble-stage.ts';
import { DEFAULT_STAGE } from './stages.ts';

const DOCUMENT_PATH = join(import.meta.dirname, '../docs/openapi.json');

const USAGE = `npm run openapi

Writes docs/openapi.json from the routes that lib/stacks/service-stack.ts declares.

  --help   this text
`;

/**
 * The document of the default stage's routes, as it stands in docs/openapi.json. Stages differ in numbers, not in routes,
 * so one document serves all. The stacks are constructed but not synthesized.
 */
export function renderOpenApi(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'spillway-openapi-'));
  try {
    const app = new App({ outdir, context: { 'aws:cdk:disable-asset-staging': true } });
    const document = assembleStage(app, DEFAULT_STAGE).service.api.openApiDocument();
    return `${JSON.stringify(document, undefined, 2)}\n`;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function main(): void {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  writeFileSync(DOCUMENT_PATH, renderOpenApi());
  process.stdout.write('wrote docs/openapi.json\n');
}

if (import.meta.main) main();
