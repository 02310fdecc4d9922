/** Who calls an AWS service, as IAM sees it. */
export type Principal =
  /** The twin itself, or whoever calls the endpoint with keys that are no function's: may do everything, as an account's owner may. */
  | { readonly kind: 'owner' }
  /** A function, or a service that assumed a role for it: the role's policies decide, with those of the resource. */
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      readonly sessionName: string;
      /** The service that assumes the role to act for one of its resources: the role has to trust it. */
      readonly assumedBy?: string;
      /** That resource. */
      readonly sourceArn?: string;
    }
  /** A service in its own name, such as `apigateway.amazonaws.com`: the policy of the resource decides. */
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string };

export const OWNER: Principal = { kind: 'owner' };
