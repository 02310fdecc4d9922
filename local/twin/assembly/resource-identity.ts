import { identifier } from './physical-name.ts';

/** What `Ref` and `Fn::GetAtt` of a resource are computed from. */
export interface ResourceIdentity {
  readonly stackName: string;
  readonly logicalId: string;
  readonly region: string;
  readonly accountId: string;
  /** Name that the template gives, or that CloudFormation would generate. */
  readonly name: string;
  /** A property, resolved; `undefined` where the template does not give it. */
  property(name: string): unknown;
}

export type Attribute = (resource: ResourceIdentity) => unknown;

/** `arn:aws:<service>:<region>:<account>:<resource>`. */
export function arn(resource: ResourceIdentity, service: string, tail: string): string {
  return `arn:aws:${service}:${resource.region}:${resource.accountId}:${tail}`;
}

/** An id as API Gateway and others make them up: `length` lower-case letters and digits. */
export function shortId(resource: ResourceIdentity, length = 10): string {
  return identifier(resource.stackName, resource.logicalId, length);
}
