import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Properties } from '../../gateway/template/properties.ts';

/**
 * What "quick create" makes of an API with a Target: an integration, a route (`$default` unless RouteKey says otherwise)
 * and a `$default` stage that deploys itself. Nothing without a Target.
 */
export function quickCreated(api: Properties): ResolvedResource[] {
  const target = api.optionalText('Target');
  if (target === undefined) return [];
  const ApiId = api.resource.physicalId;
  const part = (type: string, physicalId: string, properties: Record<string, unknown>): ResolvedResource => ({
    ...api.resource,
    type: `AWS::ApiGatewayV2::${type}`,
    physicalId,
    properties: { ApiId, ...properties },
  });
  const isUrl = /^https?:/.test(target);
  const credentials = api.optionalText('CredentialsArn');
  return [
    part('Integration', 'quick-create', {
      IntegrationType: isUrl ? 'HTTP_PROXY' : 'AWS_PROXY',
      IntegrationUri: target,
      ...(isUrl ? { IntegrationMethod: 'ANY' } : { PayloadFormatVersion: '2.0' }),
      ...(credentials !== undefined && { CredentialsArn: credentials }),
    }),
    part('Route', 'quick-create', {
      RouteKey: api.optionalText('RouteKey') ?? '$default',
      Target: 'integrations/quick-create',
    }),
    part('Stage', '$default', { StageName: '$default', AutoDeploy: true }),
  ];
}
