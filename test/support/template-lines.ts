/** A synthesized template, as far as tests look into it. */
export interface CloudTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/**
 * A template for a snapshot: one line for each resource and output, so that a change shows as the line it is in, and
 * without what changes with every line of a handler's code.
 */
export function templateLines(template: CloudTemplate): string[] {
  const resources = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
    .map(([id, { ...resource }]) => `${id} ${JSON.stringify({ ...resource, Metadata: undefined })}`);
  const outputs = Object.entries(template.Outputs ?? {}).map(
    ([id, output]) => `output ${id} ${JSON.stringify(output)}`,
  );
  return [...resources, ...outputs].map(maskHashes).sort();
}

function maskHashes(line: string): string {
  return line
    .replace(/[0-9a-f]{64}/g, '<asset>')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<version>')
    .replace(/(Deployment[0-9A-F]{8})[0-9a-f]{32}/g, '$1<deployment>');
}
