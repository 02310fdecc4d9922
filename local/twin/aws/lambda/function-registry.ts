import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { parseFunctionName } from '../../functions/function-name.ts';
import { LATEST, type VersionOf, versionsOf } from '../../functions/function-versions.ts';
import type { AwsContext } from '../aws-room.ts';

/** `FunctionConfiguration`, as far as a template says it. */
export type FunctionConfiguration = Readonly<Record<string, unknown>>;

/** What the API tells of functions. */
export class FunctionRegistry {
  readonly #context: Pick<AwsContext, 'region' | 'accountId' | 'nowMs'>;
  #functions = new Map<string, ResolvedResource>();
  #versionOf: VersionOf = () => undefined;
  #deployedAtMs: number;

  constructor(context: Pick<AwsContext, 'region' | 'accountId' | 'nowMs'>) {
    this.#context = context;
    this.#deployedAtMs = context.nowMs();
  }

  provision(resources: readonly ResolvedResource[]): void {
    const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
    this.#functions = new Map(functions.map((resource) => [resource.physicalId, resource]));
    this.#versionOf = versionsOf(resources);
    this.#deployedAtMs = this.#context.nowMs();
  }

  /** The function's ARN with its qualifier, if any; `undefined` where there is no such function, version or alias. */
  arnOf(arnOrName: string, givenQualifier?: string): string | undefined {
    const { name, qualifier = givenQualifier } = parseFunctionName(arnOrName);
    if (!this.#functions.has(name) || this.#versionOf(name, qualifier) === undefined) return undefined;
    return this.arnFor(name, qualifier);
  }

  /** The ARN that a name would have. */
  arnFor(arnOrName: string, givenQualifier?: string): string {
    const { name, qualifier = givenQualifier } = parseFunctionName(arnOrName);
    const { region, accountId } = this.#context;
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
    return qualifier === undefined ? arn : `${arn}:${qualifier}`;
  }

  /** `undefined` where there is no such function, version or alias. */
  configuration(arnOrName: string, givenQualifier?: string): FunctionConfiguration | undefined {
    const arn = this.arnOf(arnOrName, givenQualifier);
    const { name, qualifier } = parseFunctionName(arn ?? '');
    const resource = this.#functions.get(name);
    if (arn === undefined || !resource) return undefined;
    const { properties } = resource;
    const { Runtime, Role, Handler, Description = '', Environment, Layers, LoggingConfig } = properties;
    const layers = Array.isArray(Layers) ? Layers.map((Arn: unknown) => ({ Arn })) : undefined;
    return {
      FunctionName: name,
      FunctionArn: arn,
      Runtime,
      Role,
      Handler,
      Description,
      Timeout: Number(properties.Timeout ?? 3),
      MemorySize: Number(properties.MemorySize ?? 128),
      LastModified: new Date(this.#deployedAtMs).toISOString().replace('Z', '+0000'),
      Version: this.#versionOf(name, qualifier) ?? LATEST,
      PackageType: 'Zip',
      Architectures: properties.Architectures ?? ['x86_64'],
      State: 'Active',
      LastUpdateStatus: 'Successful',
      ...(Environment !== undefined && { Environment }),
      ...(layers && { Layers: layers }),
      ...(LoggingConfig !== undefined && { LoggingConfig }),
    };
  }

  configurations(): readonly FunctionConfiguration[] {
    return [...this.#functions.keys()].flatMap((name) => {
      const configuration = this.configuration(name);
      return configuration ? [configuration] : [];
    });
  }

  reservedConcurrency(name: string): number | undefined {
    const reserved = this.#functions.get(name)?.properties.ReservedConcurrentExecutions;
    return reserved === undefined ? undefined : Number(reserved);
  }
}
