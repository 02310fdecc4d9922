import { registerHooks } from 'node:module';

// `node --import ./bench/per-handler-hook.ts bin/spillway.ts`: the same app, bundled function by function.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (!resolved.url.endsWith('/lib/compute/handler-code.ts')) return resolved;
    return next(new URL('./per-handler-code.ts', import.meta.url).href, context);
  },
});
