import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { EnvironmentData } from './environment-protocol.ts';

type Format = 'commonjs' | 'module';

/** Which files are CommonJS and which are ES modules, as they would be in Lambda. */
export interface ModuleFormats {
  of(file: string): Format;
  /** What Node cannot find out by itself: scripts without a package.json in the bundle. `undefined`: it can. */
  ofLoneScript(file: string): Format | undefined;
}

const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];
/** What V8 says where a script has the syntax of a module. */
const MODULE_SYNTAX =
  /Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta'/;

/**
 * A cloud assembly usually lies inside of a project. Node would take the project's package.json for that of a bundle which
 * has none, and its `"type"` for the bundle's; in Lambda such a script is CommonJS, and since Node 24 an ES module where
 * its syntax says so.
 */
export function moduleFormats({ taskRoot, nodeMajor }: Pick<EnvironmentData, 'taskRoot' | 'nodeMajor'>): ModuleFormats {
  const known = new Map<string, Format>();
  const detect = (file: string): Format => (nodeMajor >= 24 && hasModuleSyntax(file) ? 'module' : 'commonjs');
  const ofLoneScript = (file: string): Format | undefined => {
    if (!file.startsWith(taskRoot) || !file.endsWith('.js') || packageType(file, taskRoot) !== undefined)
      return undefined;
    const format = known.get(file) ?? detect(file);
    known.set(file, format);
    return format;
  };
  readLoneScripts(ofLoneScript);
  return {
    ofLoneScript,
    of: (file) => {
      if (file.endsWith('.mjs')) return 'module';
      if (file.endsWith('.cjs')) return 'commonjs';
      const type = packageType(file, taskRoot);
      return type === undefined ? (ofLoneScript(file) ?? 'commonjs') : type;
    },
  };
}

function hasModuleSyntax(file: string): boolean {
  try {
    compileFunction(readFileSync(file, 'utf8'), WRAPPER);
    return false;
  } catch (error) {
    return MODULE_SYNTAX.test((error as Error).message);
  }
}

/** What the nearest package.json of the bundle says; `undefined` where the bundle has none above the file. */
function packageType(file: string, taskRoot: string): Format | undefined {
  for (let directory = dirname(file); directory.startsWith(taskRoot); directory = dirname(directory)) {
    const manifest = join(directory, 'package.json');
    if (existsSync(manifest)) {
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module'
        ? 'module'
        : 'commonjs';
    }
    if (directory === taskRoot) break;
  }
  return undefined;
}

interface CommonJsModule {
  _compile(source: string, file: string, format: string): unknown;
}

/** Node offers no other way: a load hook's `format` does not reach `require`, which looks for a package.json itself. */
function readLoneScripts(formatOf: (file: string) => Format | undefined): void {
  const extensions = (
    Module as unknown as { _extensions: Record<string, (m: CommonJsModule, file: string) => unknown> }
  )._extensions;
  const original = extensions['.js'];
  extensions['.js'] = (module, file) => {
    const format = formatOf(file);
    return format === undefined ? original?.(module, file) : module._compile(readFileSync(file, 'utf8'), file, format);
  };
}
