/**
 * Every scope that a route may ask for, with what it permits. The identity service grants all of them to a signed-up
 * user; a route with a scope that is not listed here fails at synth.
 */
export const SCOPES = {
  'feed:read': 'read the home timeline',
  'feed:write': 'publish posts',
  'follows:write': 'follow and unfollow people',
  'notifications:read': 'read notifications',
} as const;

export type Scope = keyof typeof SCOPES;
