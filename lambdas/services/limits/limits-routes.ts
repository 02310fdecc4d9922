import type { LimitsReply } from '../../contract/limits.ts';
import { requireCaller } from '../../middleware/require-caller.ts';
import type { RouteHandler } from '../../middleware/route-request.ts';
import { type DescribeOperationsDependencies, describeOperations } from './describe-operations.ts';
import { createOwnLimits, type OwnLimitsDependencies } from './own-limits.ts';

export interface LimitsDependencies extends OwnLimitsDependencies, DescribeOperationsDependencies {}

const ADMINISTRATOR_SCOPE = 'limits:admin';

/** What the limits service answers on its route. */
export function limitsRoutes(dependencies: LimitsDependencies): Readonly<Record<string, RouteHandler>> {
  const ownLimits = createOwnLimits(dependencies);
  return {
    'GET /api/limits': async (request) => {
      const caller = requireCaller(request);
      const isAdministrator = caller.scopes.includes(ADMINISTRATOR_SCOPE);
      const [own, operations] = await Promise.all([
        ownLimits(request.event, caller),
        isAdministrator ? describeOperations(dependencies, dependencies.admission.controls()) : undefined,
      ]);
      const body: LimitsReply = { ...own, ...(operations && { operations }) };
      // What is left changes with every request: nobody may keep this answer.
      return { statusCode: 200, headers: { 'Cache-Control': 'no-store' }, body };
    },
  };
}
