import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { ADMINISTRATOR_SCOPES } from '../../../../lambdas/contract/scopes.ts';
import { UsageTier } from '../../../../lib/api/usage-tier.ts';
import { addTenantsService } from '../../../../lib/stacks/services/tenants-service.ts';
import { stageContext } from '../../../support/stage-context.ts';

describe('addTenantsService', () => {
  it('is for administrators alone', () => {
    const context = stageContext();
    addTenantsService(context);
    const scopes = new Set(context.api.routes.map(({ scope }) => scope));
    expect([...scopes]).toEqual(['tenants:admin']);
    expect(ADMINISTRATOR_SCOPES).toContain('tenants:admin');
  });

  it('may touch no API key in a stage whose tiers have none for tenants', () => {
    const context = stageContext({ tiers: [UsageTier.free()] });
    addTenantsService(context);
    const template = Template.fromStack(context.stack);
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('apigateway:');
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { [Env.TENANT_PLANS]: '{}' } },
    });
  });
});
