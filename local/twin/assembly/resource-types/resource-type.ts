import { type Attribute, arn, type ResourceIdentity, shortId } from '../resource-identity.ts';
import type { SupportTable } from '../support.ts';

/** How the twin takes a resource type, and what it answers for it to `Ref` and `Fn::GetAtt`. */
export interface ResourceType {
  /** `runs`: the twin does what the resource says. `no-effect`: it changes nothing on a laptop; counted in a notice. */
  readonly disposition: 'runs' | 'no-effect';
  /** Property that names the resource; without it, or where it is not set, the name is generated. */
  readonly nameProperty?: string;
  readonly ref: Attribute;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** What becomes of each property of a type that runs. */
  readonly properties: SupportTable;
  /** Why a type has no effect: a clause for docs/twin.md. */
  readonly why?: string;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

export interface Runs {
  readonly name?: string;
  readonly ref: Attribute;
  readonly attributes?: ResourceType['attributes'];
  readonly properties: SupportTable;
}

export function runs({ name, ref, attributes = {}, properties }: Runs): ResourceType {
  return { disposition: 'runs', ...(name && { nameProperty: name }), ref, attributes, properties };
}

export interface NoEffect {
  readonly name?: string;
  /** @default - the resource's name */
  readonly ref?: Attribute;
  readonly attributes?: ResourceType['attributes'];
}

export function noEffect(why: string, { name, ref = ownName, attributes = {} }: NoEffect = {}): ResourceType {
  return { disposition: 'no-effect', ...(name && { nameProperty: name }), ref, attributes, properties: {}, why };
}

/** The resource's name, given or generated. */
export const ownName: Attribute = (resource: ResourceIdentity) => resource.name;

/** Ten letters and digits, as API Gateway makes them up. */
export const ownId: Attribute = (resource: ResourceIdentity) => shortId(resource);

/** `arn:aws:iam::<account>:<kind>/<name>`: IAM has no Region. */
export function iamArn(kind: string): Attribute {
  return (resource) => `arn:aws:iam::${resource.accountId}:${kind}/${resource.name}`;
}

/** An ARN that ends in `<prefix><name>`. */
export function namedArn(service: string, prefix: string): Attribute {
  return (resource) => arn(resource, service, `${prefix}${resource.name}`);
}
