/** The bundler puts the bytes of a module into the bundle (`loader` in lib/compute/handler-bundles.ts). */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export = bytes;
}
