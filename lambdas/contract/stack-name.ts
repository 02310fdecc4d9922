/** Name of a stage's stack, with which the names begin that CloudFormation generates for its resources: `SpillwayDevData`. */
export function stackName(stage: string, stack: 'Data' | 'Service'): string {
  return `Spillway${stage.charAt(0).toUpperCase()}${stage.slice(1)}${stack}`;
}
