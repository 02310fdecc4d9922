import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = dirname(createRequire(import.meta.url).resolve('aws-cdk-lib/package.json'));
/** Modules of aws-cdk-lib that are not named as the service in the type. */
const MODULES: Readonly<Record<string, string>> = { CloudFormation: 'core' };

/**
 * The properties of a resource type by CloudFormation's schema, as the CDK's generated code writes them into templates;
 * `undefined` where the CDK does not know the type.
 */
export function cloudFormationProperties(type: string): readonly string[] | undefined {
  const [, service = '', name = ''] = type.split('::');
  const text = generatedCode(service);
  const start = text.indexOf(`function convertCfn${name}PropsToCloudFormation(`);
  if (start < 0) return undefined;
  const body = text.slice(start, text.indexOf(':properties}', start));
  return [...body.matchAll(/[{,]([A-Z]\w*):/g)].map(([, property = '']) => property).sort();
}

function generatedCode(service: string): string {
  const folder = MODULES[service] ?? `aws-${service.toLowerCase()}`;
  const file = MODULES[service] === undefined ? service.toLowerCase() : 'cloudformation';
  try {
    return readFileSync(join(root, folder, 'lib', `${file}.generated.js`), 'utf8');
  } catch {
    return '';
  }
}
