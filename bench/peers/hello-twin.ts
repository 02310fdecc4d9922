import { synthesizeApp } from './synthesize-app.ts';

/** The cloud assembly of bench/peers/hello-app.ts. */
export function synthesizeHello(): { readonly directory: string; remove(): void } {
  return synthesizeApp('hello-app.ts');
}
