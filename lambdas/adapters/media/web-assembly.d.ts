/**
 * As much of WebAssembly's JavaScript API as is used here: TypeScript has it in the library for browsers alone, and Node's
 * types leave it out.
 */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  type Imports = Record<string, Record<string, unknown>>;
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  const Instance: new (module: Module, imports: Imports) => Instance;
  const Module: { imports(module: Module): { readonly module: string; readonly name: string }[] };
  function compile(bytes: Uint8Array): Promise<Module>;
}
