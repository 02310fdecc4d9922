/** NodejsFunction bundles when the function is made, and not before. */
export async function bundleHandlersAhead(): Promise<void> {}
