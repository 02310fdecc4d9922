import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';
import type { ServiceFunction } from '../compute/service-function.ts';

export interface BrokerSetupProps {
  /** Answers CloudFormation (`lambdas/middleware/custom-resource.ts`). */
  readonly function: ServiceFunction;
  /** Type of the custom resource: letters, after `Custom::`. */
  readonly type: string;
  /** What it is called with; a change calls it again. */
  readonly properties: Readonly<Record<string, string | number>>;
  /** What has to be there before. @default - nothing but the function */
  readonly after?: readonly IDependable[];
}

/** Longer than a function that answers at all takes; CloudFormation waits an hour otherwise. */
const SERVICE_TIMEOUT = Duration.minutes(5);

/** Something within a broker that CloudFormation has no type for: made with the stack, and gone with the broker. */
export class BrokerSetup extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: BrokerSetupProps) {
    super(scope, id);
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: `Custom::${props.type}`,
      serviceToken: props.function.alias.functionArn,
      serviceTimeout: SERVICE_TIMEOUT,
      properties: { ...props.properties },
    });
    // Its rights are in a policy of their own, which may be attached later than the function is made.
    this.resource.node.addDependency(props.function, ...(props.after ?? []));
  }
}
