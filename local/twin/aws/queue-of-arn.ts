/** The URL of a queue by its ARN; SQS looks at account and name alone. */
export function queueUrlOfArn(arn: string): string {
  const [, , , region, accountId, name] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
}
