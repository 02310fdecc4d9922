import { type App, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { TenantPlans, TierKeys } from '../../../lambdas/contract/tier-spec.ts';
import { Route } from '../../../lib/api/route.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { Network, NetworkEgress } from '../../../lib/data/network.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { addEcho, newApi } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';
import { resolvedEnvironment } from '../../support/resolved-environment.ts';

const throttle = { ratePerSecond: 500, burst: 1_000 };
const tier = (name: string) => UsageTier.of({ name, perUser: throttle, plan: { throttle }, keys: 'tenant' });
const ROUTES = [Route.post('/api/tenants', { scope: 'tenants:admin' })];

function make(tiers: readonly UsageTier[], stack = flaggedStack('Stack')) {
  const api = newApi(stack, { tiers });
  const service = addEcho(api, 'Tenants', ROUTES);
  api.manageTenantKeys(service);
  return { stack, service };
}

describe('TenantKeys', () => {
  let made: ReturnType<typeof make>;
  let template: Template;
  beforeAll(() => {
    made = make([UsageTier.free(), tier('business'), tier('enterprise'), UsageTier.closed('suspended')]);
    // A finding that nobody has acknowledged would fail here, and so would a cycle between the function and the plans.
    Validations.of(made.stack.node.root as App).addPlugins(new AwsSolutionsChecks(made.stack.node.root as App));
    template = Template.fromStack(made.stack);
  });

  it('lets the service change keys, and put them into the plans for tenants and no others', () => {
    const plans = template.findResources('AWS::ApiGateway::UsagePlan');
    const idOf = (suffix: string) =>
      Object.keys(plans).find((id) => String(plans[id]?.Properties.UsagePlanName).endsWith(suffix));
    const arn = (path: string) => `arn:AWS::Partition:apigateway:AWS::Region::${path}`;
    expect(allowedActions(made.stack, template, made.service)).toMatchObject({
      [arn('/apikeys')]: ['apigateway:GET', 'apigateway:POST'],
      [arn('/apikeys/*')]: ['apigateway:DELETE'],
      [arn('/usageplans')]: ['apigateway:GET'],
      [arn(`/usageplans/${idOf('-business')}/keys`)]: ['apigateway:POST'],
      [arn(`/usageplans/${idOf('-enterprise')}/keys`)]: ['apigateway:POST'],
    });
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain(idOf('-free'));
  });

  it('tells the service plans and keys as the authorizer makes them', () => {
    const plans = v.parse(TenantPlans, resolvedEnvironment(template, 'Service Tenants')[Env.TENANT_PLANS]);
    const keys = v.parse(TierKeys, resolvedEnvironment(template, 'Verifies bearer tokens')[Env.TIER_KEYS]);
    expect(keys).toEqual({
      free: 'spillway-free-<stack uuid>',
      business: { prefix: 'spillway-business-', suffix: '-<stack uuid>' },
      enterprise: { prefix: 'spillway-enterprise-', suffix: '-<stack uuid>' },
      suspended: null,
    });
    expect(Object.keys(plans)).toEqual(['business', 'enterprise']);
    expect(plans.business).toEqual({ ...(keys.business as object), planName: expect.stringMatching(/-business$/) });
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      UsagePlanName: plans.business?.planName,
      Description: "What each tenant of the tier 'business' may do",
    });
  });

  it('leaves the plans for tenants without a key in the template', () => {
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 1);
    template.hasResourceProperties('AWS::ApiGateway::ApiKey', { Description: Match.stringLikeRegexp("'free'") });
  });

  it.each([
    ['no way out', NetworkEgress.interfaceEndpoints(), 1],
    ['dual-stack subnets', NetworkEgress.dualStack(), 0],
  ])('warns of a network with %s only if the keys are out of reach there', (_, egress, warnings) => {
    const stack = flaggedStack();
    const api = newApi(stack, { tiers: [UsageTier.free(), tier('business')] });
    const network = new Network(stack, 'Network', { egress });
    api.manageTenantKeys(
      api.addService('Tenants', { handler: 'echo', routes: ROUTES, handlersDirectory: FIXTURE_HANDLERS, network }),
    );
    const expected = Match.stringLikeRegexp('no interface endpoint leads to where API keys are made');
    expect(Annotations.fromStack(stack).findWarning('*', expected)).toHaveLength(warnings);
  });

  it('allows nothing where no tier has keys for tenants', () => {
    const { stack, service } = make([UsageTier.free()]);
    const without = Template.fromStack(stack);
    expect(JSON.stringify(allowedActions(stack, without, service))).not.toContain('apigateway');
    expect(resolvedEnvironment(without, 'Service Tenants')[Env.TENANT_PLANS]).toBe('{}');
  });
});
