/**
 * Every scope that a route may ask for, with what it permits; a route with a scope that is not listed here fails at synth.
 * The identity service grants them to those who sign up, but for the ones of administrators.
 */
export const SCOPES = {
  'feed:read': 'read the home timeline',
  'feed:write': 'publish posts',
  'follows:write': 'follow and unfollow people',
  'notifications:read': 'read notifications',
  'video:read': 'see the own videos',
  'video:write': 'upload, process and remove videos',
  'activity:write': 'tell what was looked at',
  'limits:read': 'see how far the own limits are used up',
  'parked:read': 'read what became of requests that had to wait',
  'drill:run': 'make work for the drill service',
  'limits:admin': 'see what operators have set, and how loaded the services are (administrators)',
  'analytics:read': 'read what happened when, over all users (administrators)',
  'tenants:admin': 'create and remove tenants, and say who belongs to them (administrators)',
} as const;

export type Scope = keyof typeof SCOPES;

/** What only the tokens of administrators carry (`npm run grant-admin`). */
export const ADMINISTRATOR_SCOPES: readonly Scope[] = ['limits:admin', 'analytics:read', 'tenants:admin'];

/** What the identity service grants to an account. */
export function grantedScopes(isAdministrator: boolean): readonly Scope[] {
  const all = Object.keys(SCOPES) as Scope[];
  return isAdministrator ? all : all.filter((scope) => !ADMINISTRATOR_SCOPES.includes(scope));
}
