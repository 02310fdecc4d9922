import { resolve } from 'node:path';
import { TwinError } from '../twin-error.ts';
import { type IntrinsicScope, NO_VALUE, resolveValue } from './intrinsics.ts';
import { physicalName, stackUuid } from './physical-name.ts';
import type { ResolvedResource } from './resolved-resource.ts';
import type { ResourceIdentity } from './resource-identity.ts';
import type { ResourceType } from './resource-types/resource-type.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import type { AssemblyStack, TemplateParameter, TemplateResource } from './template.ts';

/** How a stack reaches values of other stacks. */
export interface CrossStack {
  importValue(exportName: string): unknown;
  stackOutput(stackName: string, outputName: string): unknown;
  /** Value of an SSM parameter that the assembly declares; `undefined` where there is none of that name. */
  ssmParameter(name: string): unknown;
}

/** Values that a parent gives to its nested stack's parameters; `undefined` where it gives none. */
export type Parameters = (name: string) => unknown;

/** Resolves one stack lazily: a value is computed when something asks for it, once, so references may run in any order. */
export class StackResolver implements IntrinsicScope {
  readonly stackName: string;
  readonly region: string;
  readonly #stack: AssemblyStack;
  readonly #crossStack: CrossStack;
  readonly #parameters: Parameters;
  /** Nested stacks by logical id. */
  readonly nested: ReadonlyMap<string, StackResolver>;
  readonly #memo = new Map<string, unknown>();
  readonly #inProgress: string[] = [];

  constructor(stack: AssemblyStack, crossStack: CrossStack, parameters: Parameters = () => undefined) {
    this.stackName = stack.name;
    this.region = stack.region;
    this.#stack = stack;
    this.#crossStack = crossStack;
    this.#parameters = parameters;
    this.nested = new Map(
      Object.entries(stack.nested ?? {}).map(([logicalId, child]) => [
        logicalId,
        new StackResolver(child, crossStack, (name) => this.#nestedParameter(logicalId, name)),
      ]),
    );
  }

  /** Logical ids whose condition, if any, holds. */
  activeLogicalIds(): string[] {
    return Object.entries(this.#stack.template.Resources ?? {})
      .filter(([, resource]) => resource.Condition === undefined || this.condition(resource.Condition))
      .map(([logicalId]) => logicalId);
  }

  /** `the type X of resource 'Y' (path) of stack 'Z'` for each resource whose type the twin does not know. */
  unknownTypes(): string[] {
    return this.activeLogicalIds().flatMap((logicalId) => {
      const { Type } = this.#templateResource(logicalId);
      if (Object.hasOwn(RESOURCE_TYPES, Type)) return [];
      return [`the type ${Type} of resource '${logicalId}' (${this.#pathOf(logicalId)}) of stack '${this.stackName}'`];
    });
  }

  typeOf(logicalId: string): ResourceType & { readonly name: string } {
    const { Type } = this.#templateResource(logicalId);
    const type = Object.hasOwn(RESOURCE_TYPES, Type) ? RESOURCE_TYPES[Type] : undefined;
    if (type) return { ...type, name: Type };
    throw new TwinError('unknown-resource-type', `the twin does not know the type ${Type} of resource '${logicalId}'`);
  }

  resource(logicalId: string): ResolvedResource {
    const resource = this.#templateResource(logicalId);
    const properties = this.#once(`properties of '${logicalId}'`, () =>
      this.#told(logicalId, () => resolveValue(resource.Properties ?? {}, this)),
    );
    return {
      logicalId,
      physicalId: String(this.ref(logicalId)),
      stackName: this.stackName,
      type: resource.Type,
      path: this.#pathOf(logicalId),
      properties: properties as Record<string, unknown>,
      metadata: { ...resource.Metadata, ...this.#assetMetadata(resource) },
    };
  }

  outputs(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.#stack.template.Outputs ?? {})
        .filter(([, output]) => output.Condition === undefined || this.condition(output.Condition))
        .map(([outputName]) => [outputName, this.output(outputName)]),
    );
  }

  output(outputName: string): unknown {
    const output = this.#stack.template.Outputs?.[outputName];
    if (!output) throw new TwinError('unknown-output', `stack '${this.stackName}' has no output '${outputName}'`);
    return this.#once(`output '${outputName}'`, () => resolveValue(output.Value, this));
  }

  /** Name of the output that is exported as `exportName`, if this stack has it. */
  outputOfExport(exportName: string): string | undefined {
    return Object.entries(this.#stack.template.Outputs ?? {}).find(
      ([, output]) => output.Export && resolveValue(output.Export.Name, this) === exportName,
    )?.[0];
  }

  ref(logicalId: string): unknown {
    const pseudo = this.#pseudoParameters();
    if (Object.hasOwn(pseudo, logicalId)) return pseudo[logicalId];
    const parameter = this.#stack.template.Parameters?.[logicalId];
    if (parameter) return this.#once(`parameter '${logicalId}'`, () => this.#parameter(logicalId, parameter));
    return this.#once(`Ref of '${logicalId}'`, () => this.typeOf(logicalId).ref(this.#identity(logicalId)));
  }

  getAtt(logicalId: string, attribute: string): unknown {
    const nested = this.nested.get(logicalId);
    if (nested && attribute.startsWith('Outputs.')) return nested.output(attribute.slice('Outputs.'.length));
    const type = this.typeOf(logicalId);
    const compute = Object.hasOwn(type.attributes, attribute) ? type.attributes[attribute] : undefined;
    if (compute) return this.#once(`'${logicalId}.${attribute}'`, () => compute(this.#identity(logicalId)));
    const known = Object.keys(type.attributes).join(', ') || 'none';
    throw new TwinError(
      'unknown-attribute',
      `stack '${this.stackName}': the twin does not know the attribute '${attribute}' of resource '${logicalId}' ` +
        `(${type.name}); known attributes: ${known}`,
    );
  }

  /** Value of an `AWS::SSM::Parameter` of this stack, by its name. */
  ssmParameter(parameterName: string): unknown {
    const found = this.activeLogicalIds().find((logicalId) => {
      const { Type } = this.#templateResource(logicalId);
      return Type === 'AWS::SSM::Parameter' && this.ref(logicalId) === parameterName;
    });
    return found === undefined ? undefined : this.#identity(found).property('Value');
  }

  condition(name: string): boolean {
    const condition = this.#stack.template.Conditions?.[name];
    if (condition === undefined) {
      throw new TwinError('unknown-condition', `stack '${this.stackName}' has no condition '${name}'`);
    }
    return this.#once(`condition '${name}'`, () => resolveValue(condition, this)) === true;
  }

  mapping(name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    const mapping = this.#stack.template.Mappings?.[name];
    if (!mapping) throw new TwinError('unknown-mapping', `stack '${this.stackName}' has no mapping '${name}'`);
    return mapping;
  }

  importValue(exportName: string): unknown {
    return this.#crossStack.importValue(exportName);
  }

  stackOutput(stackName: string, outputName: string): unknown {
    return this.#crossStack.stackOutput(stackName, outputName);
  }

  #identity(logicalId: string): ResourceIdentity {
    const { Properties = {} } = this.#templateResource(logicalId);
    const property = (key: string): unknown =>
      this.#once(`property '${logicalId}.${key}'`, () => {
        const value = resolveValue(Properties[key], this);
        return value === NO_VALUE ? undefined : value;
      });
    const { nameProperty } = this.typeOf(logicalId);
    const given = nameProperty ? property(nameProperty) : undefined;
    const { name: stackName, region, accountId } = this.#stack;
    const name = typeof given === 'string' ? given : physicalName(stackName, logicalId);
    return { stackName, logicalId, region, accountId, name, property };
  }

  #templateResource(logicalId: string): TemplateResource {
    const resource = this.#stack.template.Resources?.[logicalId];
    if (resource && (resource.Condition === undefined || this.condition(resource.Condition))) return resource;
    throw new TwinError(
      'unknown-logical-id',
      `stack '${this.stackName}': something refers to '${logicalId}', which ` +
        (resource ? `condition '${resource.Condition}' leaves out` : 'is neither a resource nor a parameter of it'),
    );
  }

  #nestedParameter(logicalId: string, name: string): unknown {
    const given = this.#templateResource(logicalId).Properties?.Parameters as Record<string, unknown> | undefined;
    return given && Object.hasOwn(given, name) ? resolveValue(given[name], this) : undefined;
  }

  #parameter(name: string, { Type: type, Default }: TemplateParameter): unknown {
    const given = this.#parameters(name) ?? Default;
    const isSsm = type.startsWith('AWS::SSM::Parameter::Value');
    const value = isSsm && given !== undefined ? this.#crossStack.ssmParameter(String(given)) : given;
    if (value === undefined) {
      throw new TwinError(
        'parameter-without-value',
        `stack '${this.stackName}': parameter '${name}' (${type}) has no value here; give it a plain default`,
      );
    }
    const isList = type === 'CommaDelimitedList' || /(^|Value<)List</.test(type);
    return isList && !Array.isArray(value) ? String(value).split(',') : value;
  }

  #pseudoParameters(): Readonly<Record<string, unknown>> {
    const { name, region, accountId } = this.#stack;
    return {
      'AWS::AccountId': accountId,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${stackUuid(name)}`,
      'AWS::StackName': name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
  }

  #pathOf(logicalId: string): string {
    const path = this.#stack.template.Resources?.[logicalId]?.Metadata?.['aws:cdk:path'];
    return typeof path === 'string' ? path : logicalId;
  }

  /** Asset paths are relative to the assembly, which only this side knows: make them absolute. */
  #assetMetadata(resource: TemplateResource): Record<string, unknown> {
    const { S3Key } = (resource.Properties?.Code ?? {}) as { readonly S3Key?: unknown };
    const path = resource.Metadata?.['aws:asset:path'] ?? this.#stack.assets[String(S3Key)];
    return typeof path === 'string' ? { 'aws:asset:path': resolve(this.#stack.directory, path) } : {};
  }

  /** What goes wrong in a resource's properties is told with the resource that it stands in. */
  #told<T>(logicalId: string, compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof TwinError)) throw error;
      const subject = `resource '${logicalId}' (${this.#pathOf(logicalId)}) of stack '${this.stackName}'`;
      throw new TwinError(error.code, `${subject}: ${error.message}`, { cause: error });
    }
  }

  #once(key: string, compute: () => unknown): unknown {
    if (this.#memo.has(key)) return this.#memo.get(key);
    if (this.#inProgress.includes(key)) {
      const circle = [...this.#inProgress.slice(this.#inProgress.indexOf(key)), key].join(' → ');
      throw new TwinError('circular-reference', `stack '${this.stackName}': circular reference ${circle}`);
    }
    this.#inProgress.push(key);
    try {
      const value = compute();
      this.#memo.set(key, value);
      return value;
    } finally {
      this.#inProgress.pop();
    }
  }
}
