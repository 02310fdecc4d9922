import { Annotations, ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import type { TierPlans } from './tier-plans.ts';

export interface TenantKeysProps {
  /** The function that creates and removes the keys. */
  readonly service: ServiceFunction;
  readonly plans: TierPlans;
}

/**
 * Lets a service create API keys, put them into the usage plans of the tiers with keys for tenants and into no others, and
 * remove them; and tells it those plans.
 *
 * The service is told the plans' names and not their ids: a plan waits for the stage, the stage for its methods, and those of
 * the service itself for its function. For the same reason the permissions are a policy of their own, for which the
 * function does not wait.
 */
export class TenantKeys extends Construct {
  constructor(scope: Construct, id: string, { service, plans }: TenantKeysProps) {
    super(scope, id);
    service.addEnvironment(Env.TENANT_PLANS, Stack.of(this).toJsonString(plans.tenantPlans));
    const { role } = service.function;
    if (!role || plans.tenantPlanIds.length === 0) return;
    if (service.network?.egress.kind === 'interface-endpoints') this.warnOutOfReach(service);
    const policy = new Policy(this, 'Policy', { roles: [role], statements: this.statements(plans) });
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/apikeys/*]',
      reason:
        'The ids of the keys that are removed with their tenants are made up by API Gateway at run time; the service knows ' +
        'those of its own tenants alone, and every other action is restricted to the plans of the tiers with keys for tenants.',
    });
  }

  /** AWS has interface endpoints for calling private APIs, and none for what makes APIs and their keys. */
  private warnOutOfReach({ handler }: ServiceFunction): void {
    Annotations.of(this).addWarningV2(
      'spillway:tenant-keys-out-of-reach',
      `'${handler}' cannot create or remove tenants: no interface endpoint leads to where API keys are made; use ` +
        "NetworkEgress.dualStack(), or give no tier keys: 'tenant'",
    );
  }

  private statements({ tenantPlanIds }: TierPlans): PolicyStatement[] {
    return [
      // Also reading: a key or a plan is found again by its name.
      this.allow(['apigateway:GET', 'apigateway:POST'], ['/apikeys']),
      this.allow(['apigateway:DELETE'], ['/apikeys/*']),
      this.allow(['apigateway:GET'], ['/usageplans']),
      this.allow(
        ['apigateway:POST'],
        tenantPlanIds.map((planId) => `/usageplans/${planId}/keys`),
      ),
    ];
  }

  /** Resources of API Gateway are named by the paths of its REST interface, and belong to no account. */
  private allow(actions: string[], paths: string[]): PolicyStatement {
    const resources = paths.map((resource) =>
      Stack.of(this).formatArn({
        service: 'apigateway',
        account: '',
        resource,
        arnFormat: ArnFormat.NO_RESOURCE_NAME,
      }),
    );
    return new PolicyStatement({ actions, resources });
  }
}
