import { registerHooks } from 'node:module';

/** What takes the place of what. */
const REPLACED: Readonly<Record<string, string>> = {
  '/lib/compute/handler-code.ts': './per-handler-code.ts',
  '/lib/compute/handler-bundles.ts': './nothing-ahead.ts',
};

// `node --import ./bench/per-handler-hook.ts bin/spillway.ts`: the same app, bundled function by function.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const replaced = Object.keys(REPLACED).find((path) => resolved.url.endsWith(path));
    if (replaced === undefined) return resolved;
    return next(new URL(REPLACED[replaced] ?? '', import.meta.url).href, context);
  },
});
