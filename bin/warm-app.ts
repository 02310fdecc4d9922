// The CDK app in two steps, for `npm start -- --watch`: loads the packages that the constructs import, waits for the
// environment to come as a message, and only then loads the constructs, as they are on the disk at that moment.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const projectDir = join(import.meta.dirname, '..');
const IMPORTED = /from '((?:aws-cdk-lib|cdk-nag|constructs|valibot|esbuild|@valibot\/)[^']*)'/g;

function packagesOf(folder: string): string[] {
  return (
    readdirSync(join(projectDir, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(join(projectDir, folder, file), 'utf8').matchAll(IMPORTED)])
      .map(([, name = '']) => name)
      // The checks are run by `cdk synth`.
      .filter((name) => name !== 'cdk-nag')
  );
}

const toldWhat = new Promise<Record<string, string>>((resolve) => process.once('message', resolve));
// The parent ended, or wants no more of this: nothing is under way that could be lost.
const onDisconnect = (): void => process.exit(0);
process.once('disconnect', onDisconnect);
await Promise.all([...new Set(['lib', 'bin', 'lambdas/contract'].flatMap(packagesOf))].map((name) => import(name)));
Object.assign(process.env, await toldWhat);
process.off('disconnect', onDisconnect);
process.disconnect();
await import('./spillway.ts');
