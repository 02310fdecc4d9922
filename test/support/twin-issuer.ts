import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Twin } from '../../local/twin/twin.ts';
import { documentClientOf, physicalId } from './aws-of-twin.ts';
import { TestIssuer } from './test-issuer.ts';

/** An own issuer of an API in a twin that has no identity service: its key is in the table of verification keys. */
export async function createTwinIssuer(twin: Twin, audience: string): Promise<TestIssuer> {
  // The authorizer of a twin knows its API by the address that callers use.
  const issuer = await TestIssuer.create(Date.now, { issuer: twin.apiUrl, audience });
  const client = documentClientOf(twin);
  try {
    await client.send(
      new PutCommand({
        TableName: physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Keys/'),
        Item: { kid: issuer.publicJwk.kid, jwk: issuer.publicJwk },
      }),
    );
  } finally {
    client.destroy();
  }
  return issuer;
}
