import type { IConstruct } from 'constructs';

/** Texts of all warnings in a tree of constructs, read without the seconds that a synth takes. */
export function warningsOf(root: IConstruct): string[] {
  return root.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => String(data));
}
