import { NO_CONTEXT } from './model/context.ts';
import type { Policy, Statement } from './model/policy.ts';
import type { Question } from './question.ts';
import type { Role } from './read-roles.ts';

/** A granted action that no call made use of. */
export interface UnusedGrant {
  /** Construct path of the role. */
  readonly role: string;
  readonly policy: string;
  /** As the statement has it, wildcards included. */
  readonly action: string;
  readonly resource: string;
}

/** What nothing on one machine can use: logs, traces and the network have no service here. */
const OUT_OF_REACH = /^(?:cloudwatch:PutMetricData|ec2:|elasticache:|logs:|xray:)/i;

/** Remembers which grants of which roles allowed something; grants are known by their texts, so that it outlives `--watch`. */
export class GrantUsage {
  readonly #used = new Set<string>();

  /** Notes that these statements of a role allowed what was asked. */
  note(role: Role, { action, resource }: Question, statements: readonly Statement[]): void {
    for (const statement of statements) {
      const actions = statement.actions.filter((pattern) => pattern.matches(action, NO_CONTEXT));
      const resources = statement.resources.filter(
        (pattern) => pattern.variables.length > 0 || pattern.matches(resource, NO_CONTEXT),
      );
      for (const granted of actions) for (const on of resources) this.#used.add(key(role, granted.source, on.source));
    }
  }

  /** Allowed actions × resources, as written, that allowed nothing so far. Statements by exception (`NotAction`) are left out. */
  unused(roles: readonly Role[]): readonly UnusedGrant[] {
    const found = new Map<string, UnusedGrant>();
    for (const role of roles) {
      for (const policy of role.identity) {
        for (const grant of grantsOf(role, policy)) {
          const id = key(role, grant.action, grant.resource);
          if (!this.#used.has(id) && !OUT_OF_REACH.test(grant.action)) found.set(id, grant);
        }
      }
    }
    return [...found.values()];
  }
}

function grantsOf(role: Role, { name, statements }: Policy): UnusedGrant[] {
  return statements
    .filter(({ effect, exceptActions, exceptResources }) => effect === 'Allow' && !exceptActions && !exceptResources)
    .flatMap(({ actions, resources }) =>
      actions.flatMap(({ source: action }) =>
        resources.map(({ source: resource }) => ({ role: role.label, policy: name, action, resource })),
      ),
    );
}

function key({ arn }: Role, action: string, resource: string): string {
  return `${arn} ${action} ${resource}`;
}
