import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from './aws-of-twin.ts';

/** Writes the levers of a twin as an operator does in AWS; text is written as it is. Nobody is told but by Parameter Store. */
export async function setLevers(twin: Twin, levers: unknown): Promise<void> {
  const client = new SSMClient({
    endpoint: twin.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  try {
    await client.send(
      new PutParameterCommand({
        Name: physicalId(twin, 'AWS::SSM::Parameter', 'AdmissionController/Levers'),
        Value: typeof levers === 'string' ? levers : JSON.stringify(levers),
        Overwrite: true,
      }),
    );
  } finally {
    client.destroy();
  }
}

/** Has the admission controller run now, and waits for it. @throws Error where the run fails */
export async function runController(twin: Twin): Promise<void> {
  const outcome = await twin.functions.invoke(
    physicalId(twin, 'AWS::Lambda::Function', 'AdmissionController/Controller'),
    {},
  );
  if (!outcome.ok) throw new Error(`the controller failed: ${JSON.stringify(outcome)}`);
}
