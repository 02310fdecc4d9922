/** A resource as it stands in a synthesized template, intrinsic functions unresolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

/** The sections of a CloudFormation template that the twin reads. `Rules` are about deploying, so they are left out. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

/** One stack of a cloud assembly. */
export interface AssemblyStack {
  /** Name in CloudFormation, which other stacks refer to. */
  readonly name: string;
  /** Directory that asset paths are relative to. */
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  readonly template: Template;
  /** Nested stacks by the logical id of their `AWS::CloudFormation::Stack`. */
  readonly nested?: Readonly<Record<string, AssemblyStack>>;
  /** Object key in the assets bucket → path of the asset, relative to `directory`. */
  readonly assets: Readonly<Record<string, string>>;
}
