/**
 * A server from the PATH, where there is one, and the embedded one; `SPILLWAY_TEST_CACHE=embedded` leaves the latter, as on
 * a machine without a cache server.
 */
export const CACHES_UNDER_TEST: readonly { readonly embedded: boolean }[] =
  process.env.SPILLWAY_TEST_CACHE === 'embedded' ? [{ embedded: true }] : [{ embedded: false }, { embedded: true }];
