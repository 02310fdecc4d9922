import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TwinError } from '../twin-error.ts';
import { physicalName } from './physical-name.ts';
import { NESTED_STACK } from './resource-types/cloudformation.ts';
import type { AssemblyStack, Template, TemplateResource } from './template.ts';

/** An account and a Region. */
interface Environment {
  readonly accountId: string;
  readonly region: string;
}

/** What an assembly that names no place is taken for; the account of the AWS documentation would look like somebody. */
const DEFAULT_ENVIRONMENT: Environment = { accountId: '000000000000', region: 'us-east-1' };

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source?: { readonly path?: string };
        readonly destinations?: Readonly<Record<string, { readonly objectKey?: string }>>;
      }
    >
  >;
}

/**
 * Reads a cloud assembly (`cdk.out`) and returns its stacks, each after those that it depends on. A stack that names no account
 * or Region is taken for one beside those that do.
 *
 * @throws TwinError where there is no assembly, it cannot be read, or its stacks are for several accounts or Regions.
 */
export function readAssembly(directory: string): AssemblyStack[] {
  const found = findStacks(directory);
  if (found.length === 0) {
    throw new TwinError('empty-assembly', `the cloud assembly at ${directory} has no stack in it`);
  }
  const environment = {
    accountId: theOne('account', found) ?? DEFAULT_ENVIRONMENT.accountId,
    region: theOne('Region', found) ?? DEFAULT_ENVIRONMENT.region,
  };
  return found.map((stack) => readStack(stack, environment));
}

/** A stack as a manifest lists it; `account` and `Region` are `undefined` where it leaves them open. */
interface ListedStack {
  readonly directory: string;
  readonly id: string;
  readonly artifact: Artifact;
  readonly account: string | undefined;
  readonly Region: string | undefined;
}

function findStacks(directory: string): ListedStack[] {
  const artifacts = readManifest(directory);
  const stacks: ListedStack[] = [];
  const visited = new Set<string>();
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (visited.has(id) || !artifact) return;
    visited.add(id);
    for (const dependency of artifact.dependencies ?? []) visit(dependency);
    if (artifact.type === 'aws:cloudformation:stack') {
      const [, account, Region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
      stacks.push({ directory, id, artifact, account: known(account), Region: known(Region) });
    }
    if (artifact.type === 'cdk:cloud-assembly' && artifact.properties?.directoryName) {
      stacks.push(...findStacks(join(directory, artifact.properties.directoryName)));
    }
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return stacks;
}

/** The CDK writes `unknown-account` and `unknown-region`. */
function known(part: string | undefined): string | undefined {
  return part?.startsWith('unknown-') ? undefined : part;
}

/** What all stacks that say it agree on. The twin is one account and Region: ARNs of another would name nothing in it. */
function theOne(what: 'account' | 'Region', stacks: readonly ListedStack[]): string | undefined {
  const first = stacks.find((stack) => stack[what] !== undefined);
  const other = stacks.find((stack) => stack[what] !== undefined && stack[what] !== first?.[what]);
  if (!first || !other) return first?.[what];
  throw new TwinError(
    'several-environments',
    `stack '${first.id}' is for ${what} ${first[what]} and stack '${other.id}' for ${other[what]}: the twin runs one account and ` +
      'Region; give an assembly with the stacks of one, such as the directory assembly-NAME of a Stage',
  );
}

function readManifest(directory: string): Readonly<Record<string, Artifact>> {
  const file = join(directory, 'manifest.json');
  const manifest = readJson(
    file,
    `there is no cloud assembly at ${directory} (no readable manifest.json); ` +
      "write one with 'npx cdk synth -q', or leave --assembly out",
  ) as { readonly artifacts?: Readonly<Record<string, Artifact>> } | null;
  return manifest?.artifacts ?? {};
}

function readStack({ directory, id, artifact }: ListedStack, environment: Environment): AssemblyStack {
  const templateFile = artifact.properties?.templateFile ?? `${id}.template.json`;
  const place: StackPlace = { directory, ...environment, assets: readAssets(directory, id) };
  return readTemplate(artifact.properties?.stackName ?? id, templateFile, place);
}

type StackPlace = Pick<AssemblyStack, 'directory' | 'region' | 'accountId' | 'assets'>;

function readTemplate(name: string, templateFile: string, place: StackPlace): AssemblyStack {
  const template = readJson(
    join(place.directory, templateFile),
    `stack '${name}': the template ${templateFile} of the cloud assembly at ${place.directory} cannot be read; synthesize again`,
  ) as Template;
  const nested: Record<string, AssemblyStack> = {};
  for (const [logicalId, resource] of Object.entries(template.Resources ?? {})) {
    if (resource.Type !== NESTED_STACK) continue;
    const file = nestedTemplateFile(resource, place.assets);
    if (file === undefined) {
      throw new TwinError(
        'nested-template-not-found',
        `stack '${name}': the template of the nested stack '${logicalId}' is no asset of this assembly; use NestedStack of the CDK`,
      );
    }
    nested[logicalId] = readTemplate(physicalName(name, logicalId), file, place);
  }
  return { name, ...place, template, nested };
}

/** By the asset metadata, or else by the key in the assets bucket that the template's URL ends with. */
function nestedTemplateFile(resource: TemplateResource, assets: AssemblyStack['assets']): string | undefined {
  const path = resource.Metadata?.['aws:asset:path'];
  if (typeof path === 'string') return path;
  const url = JSON.stringify(resource.Properties?.TemplateURL ?? '');
  return Object.entries(assets).find(([objectKey]) => url.includes(objectKey))?.[1];
}

/** Functions of an app that was synthesized without asset metadata name their bundle by its key in the assets bucket. */
function readAssets(directory: string, id: string): Record<string, string> {
  const file = join(directory, `${id}.assets.json`);
  if (!existsSync(file)) return {};
  const { files = {} } = readJson(
    file,
    `stack '${id}': ${id}.assets.json cannot be read; synthesize again`,
  ) as AssetManifest;
  const paths: Record<string, string> = {};
  for (const { source, destinations = {} } of Object.values(files)) {
    for (const { objectKey } of Object.values(destinations)) {
      if (source?.path !== undefined && objectKey !== undefined) paths[objectKey] = source.path;
    }
  }
  return paths;
}

function readJson(file: string, complaint: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new TwinError('unreadable-assembly', complaint, { cause });
  }
}
