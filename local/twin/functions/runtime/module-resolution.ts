import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EnvironmentData } from './environment-protocol.ts';
import type { ModuleFormats } from './module-format.ts';

/** Packages that the Node.js runtime of Lambda brings along. */
const PROVIDED = /^(@aws-sdk|@smithy|@aws-crypto)\/[^/]+|^@aws\/lambda-invoke-store/;

type Hooks = Parameters<typeof registerHooks>[0];
type Resolve = NonNullable<Hooks['resolve']>;
type Resolution = ReturnType<Resolve>;

/**
 * Resolves imports of a bundle as in Lambda: from the bundle's own `node_modules`, then from its layers
 * (`nodejs/node24/node_modules`, `nodejs/node_modules`: the `NODE_PATH` that Lambda sets, which its Node.js runtimes from
 * 18 on honour for ES modules, too), then from what the runtime provides. A cloud assembly usually lies inside of a
 * project: without this, a bundle would find the project's packages, and work here while it fails in AWS.
 */
export function confineModules(
  {
    taskRoot,
    layerRoots,
    runtimeRoot,
    nodeMajor,
  }: Pick<EnvironmentData, 'taskRoot' | 'layerRoots' | 'runtimeRoot' | 'nodeMajor'>,
  formats: ModuleFormats,
): void {
  const layerFolders = layerRoots
    .toReversed()
    .flatMap((root) => [join(root, `nodejs/node${nodeMajor}/`), join(root, 'nodejs/')])
    .map((folder) => pathToFileURL(folder).href);
  const roots = [
    pathToFileURL(join(taskRoot, '/')).href,
    ...layerRoots.map((root) => pathToFileURL(join(root, '/')).href),
  ];
  const isInside = (url: string | undefined): boolean =>
    url !== undefined && roots.some((root) => url.startsWith(root));

  // `require.resolve` below asks this hook again.
  let isLookingElsewhere = false;

  const resolve: Resolve = (specifier, context, next) => {
    const isBare = !/^(\.{0,2}\/|file:|node:|data:|#)/.test(specifier) && !/^\.{1,2}$/.test(specifier);
    const importer = context.parentURL;
    if (isLookingElsewhere || !isBare || importer === undefined || !isInside(importer)) return next(specifier, context);
    const isRequired = context.conditions.includes('require');
    // To `require`, another parent in the context changes nothing.
    const lookFrom = (parentURL: string): Resolution | undefined =>
      foundOrNot(() => (isRequired ? requireFrom(parentURL, specifier) : next(specifier, { ...context, parentURL })));
    const requireFrom = (parentURL: string, wanted: string): Resolution => {
      isLookingElsewhere = true;
      try {
        return { url: pathToFileURL(createRequire(parentURL).resolve(wanted)).href, shortCircuit: true };
      } finally {
        isLookingElsewhere = false;
      }
    };
    const own = foundOrNot(() => next(specifier, context));
    if (own && (isInside(own.url) || own.url.startsWith('node:'))) return own;
    for (const folder of layerFolders) {
      const found = lookFrom(`${folder}index.js`);
      if (found?.url.startsWith(folder)) return found;
    }
    const provided = PROVIDED.test(specifier) ? lookFrom(runtimeRoot) : undefined;
    if (provided) return provided;
    throw missingPackage(specifier, fileURLToPath(importer), isRequired);
  };

  const load: NonNullable<Hooks['load']> = (url, context, next) => {
    const format = url.startsWith('file:') ? formats.ofLoneScript(fileURLToPath(url)) : undefined;
    return next(url, format === undefined ? context : { ...context, format });
  };

  registerHooks({ resolve, load });
}

/** `undefined` for a package that is not there; other failures, such as a subpath that is not exported, stay failures. */
function foundOrNot(look: () => Resolution): Resolution | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function missingPackage(specifier: string, importer: string, isRequired: boolean): Error {
  const [provided] = PROVIDED.exec(specifier) ?? [];
  if (provided !== undefined) {
    const message =
      `Cannot find package '${specifier}' imported from ${importer}: Lambda's runtime provides it, the twin takes it from ` +
      `this project, which does not have it; npm install --save-dev ${provided}`;
    return Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
  }
  return isRequired
    ? Object.assign(new Error(`Cannot find module '${specifier}'\nRequire stack:\n- ${importer}`), {
        code: 'MODULE_NOT_FOUND',
      })
    : Object.assign(new Error(`Cannot find package '${specifier}' imported from ${importer}`), {
        code: 'ERR_MODULE_NOT_FOUND',
      });
}
