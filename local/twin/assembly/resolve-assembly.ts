import { TwinError } from '../twin-error.ts';
import { checkSupport } from './check-support.ts';
import type { ResolvedResource } from './resolved-resource.ts';
import { StackResolver } from './stack-resolver.ts';
import type { AssemblyStack } from './template.ts';

/** Resources of one type that change nothing on a laptop. */
export interface Notice {
  readonly type: string;
  readonly count: number;
}

/** A cloud assembly after every intrinsic function in it was resolved. */
export interface ResolvedAssembly {
  /** What the twin runs, in the order of the stacks and their templates. */
  readonly resources: readonly ResolvedResource[];
  /** Stack name → output name → value. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Resources without a local effect, by type. */
  readonly notices: readonly Notice[];
  /** A sentence about each property that the twin ignores. */
  readonly ignored: readonly string[];
}

/**
 * Resolves all stacks of an assembly. Dynamic references (`{{resolve:…}}`) stay as they are: their values exist only
 * once the secrets do.
 *
 * @throws TwinError naming stack, logical id and type of a resource, function or attribute that the twin does not know.
 */
export function resolveAssembly(stacks: readonly AssemblyStack[]): ResolvedAssembly {
  const resolvers = new Map<string, StackResolver>();
  const crossStack = {
    importValue: (exportName: string): unknown => {
      for (const resolver of resolvers.values()) {
        const outputName = resolver.outputOfExport(exportName);
        if (outputName !== undefined) return resolver.output(outputName);
      }
      throw new TwinError('unknown-export', `Fn::ImportValue: no stack of the assembly exports '${exportName}'`);
    },
    stackOutput: (stackName: string, outputName: string): unknown => {
      const resolver = resolvers.get(stackName);
      if (resolver) return resolver.output(outputName);
      const known = [...resolvers.keys()].join(', ');
      throw new TwinError(
        'unknown-stack',
        `Fn::GetStackOutput: stack '${stackName}' is not in the assembly; those in it: ${known}`,
      );
    },
    ssmParameter: (parameterName: string): unknown => {
      for (const resolver of resolvers.values()) {
        const value = resolver.ssmParameter(parameterName);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
  for (const stack of stacks) addWithNested(resolvers, new StackResolver(stack, crossStack));

  const counts = new Map<string, number>();
  const resources: ResolvedResource[] = [];
  const ignored: string[] = [];
  const outputs: Record<string, Record<string, unknown>> = {};
  refuseUnknownTypes([...resolvers.values()]);
  for (const resolver of resolvers.values()) {
    for (const logicalId of resolver.activeLogicalIds()) {
      const type = resolver.typeOf(logicalId);
      if (type.disposition === 'runs') {
        const resource = resolver.resource(logicalId);
        ignored.push(...checkSupport(resource));
        resources.push(resource);
      } else counts.set(type.name, (counts.get(type.name) ?? 0) + 1);
    }
    outputs[resolver.stackName] = resolver.outputs();
  }
  const notices = [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => a.type.localeCompare(b.type));
  return { resources, outputs, notices, ignored };
}

/** Types that a stage may have in AWS and never here, with what to run in their place. */
const SYNTHESIZED_ONLY: Readonly<Record<string, string>> = {
  'AWS::MSK::ServerlessCluster': 'the twin runs no Kafka; run a stage with EventBackbone.kinesis()',
  'AWS::AmazonMQ::Broker': 'the twin runs no RabbitMQ; run a stage with WorkBackbone.sqs()',
};

/** Names every resource of an unknown type at once: nobody wants to learn of ten of them one start after the other. */
function refuseUnknownTypes(resolvers: readonly StackResolver[]): void {
  const unknown = resolvers.flatMap((resolver) => resolver.unknownTypes());
  const [first, ...others] = unknown;
  if (first === undefined) return;
  const reasons = Object.entries(SYNTHESIZED_ONLY).flatMap(([type, reason]) => {
    return unknown.some((each) => each.startsWith(`the type ${type} `)) ? [reason] : [];
  });
  if (reasons.length > 0) {
    throw new TwinError(
      'synthesized-only',
      `this stage can be synthesized and deployed, but not run here: ${reasons.join('; ')}`,
    );
  }
  const further = others.length === 0 ? '' : `; nor ${others.join(', nor ')}`;
  throw new TwinError(
    'unknown-resource-type',
    `the twin does not know ${first}${further}; take ${others.length === 0 ? 'the resource' : 'the resources'} out of this ` +
      `stage, or teach the twin the type in local/twin/assembly/resource-types.ts`,
  );
}

function addWithNested(resolvers: Map<string, StackResolver>, resolver: StackResolver): void {
  resolvers.set(resolver.stackName, resolver);
  for (const nested of resolver.nested.values()) addWithNested(resolvers, nested);
}
