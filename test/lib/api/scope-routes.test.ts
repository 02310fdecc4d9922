import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ScopeRoutes } from '../../../lambdas/contract/scope-routes.ts';
import { Route } from '../../../lib/api/route.ts';
import { scopeRoutes } from '../../../lib/api/scope-routes.ts';

describe('scopeRoutes', () => {
  it('lists the routes each scope opens, as the contract says, and no public one', () => {
    const routes = [
      Route.put('/follows/{id}', { scope: 'follows:write' }),
      Route.get('/feed', { scope: 'feed:read' }),
      Route.delete('/follows/{id}', { scope: 'follows:write' }),
      Route.post('/login', { scope: Route.PUBLIC }),
    ];
    const expected = { 'follows:write': ['PUT/follows/*', 'DELETE/follows/*'], 'feed:read': ['GET/feed'] };
    expect(v.parse(ScopeRoutes, JSON.stringify(scopeRoutes(routes)))).toEqual(expected);
  });
});
