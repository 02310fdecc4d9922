/** One resource of a synthesized template after every intrinsic function in it was resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  /**
   * What `Ref` of this resource yields. The gateway finds its way by it: a method names its resource, authorizer and
   * API by `Ref`. `Fn::GetAtt RootResourceId` of a REST API only has to be no other resource's id.
   */
  readonly physicalId: string;
  readonly stackName: string;
  /** CloudFormation type, such as `AWS::ApiGateway::Method`. */
  readonly type: string;
  /** Construct path (`aws:cdk:path`), or the logical id where the template has none. */
  readonly path: string;
  readonly properties: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}
