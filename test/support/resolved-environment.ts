import type { Template } from 'aws-cdk-lib/assertions';

/**
 * Environment of the function whose description begins so, with intrinsics replaced by what they are made of: `Ref` by
 * the logical id without its hash, in angle brackets; the last part of the stack's id by `<stack uuid>`.
 */
export function resolvedEnvironment(template: Template, description: string): Record<string, string> {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const found = functions.filter(({ Properties }) => String(Properties.Description).startsWith(description));
  const variables: unknown = found[0]?.Properties.Environment?.Variables;
  if (found.length !== 1 || typeof variables !== 'object' || variables === null) {
    throw new Error(`${found.length} functions with an environment have the description '${description}'`);
  }
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(value)]));
}

function resolve(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) throw new Error(`no text: ${JSON.stringify(value)}`);
  if ('Ref' in value) return `<${nameOf(String(value.Ref))}>`;
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(resolve).join(separator);
  }
  if (JSON.stringify(value) === '{"Fn::Select":[2,{"Fn::Split":["/",{"Ref":"AWS::StackId"}]}]}') return '<stack uuid>';
  throw new Error(`an intrinsic that this helper does not know: ${JSON.stringify(value)}`);
}

/** `ApiRestApiE35FEAFE` → `RestApi`, `Keys4E30B592` → `Keys`; pseudo parameters as they are. */
function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '').replace(/^Api(?=[A-Z])/, '');
}
