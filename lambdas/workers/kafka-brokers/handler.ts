import * as v from 'valibot';
import { systemClock } from '../../adapters/clock.ts';
import { createLogger } from '../../adapters/logger.ts';
import { readBootstrapBrokers } from '../../adapters/messaging/kafka-bootstrap-brokers.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createCustomResource } from '../../middleware/custom-resource.ts';

const { env } = process;
const Properties = v.object({ ClusterArn: v.string() });

/** Custom resource with the attribute `Brokers`: those of `ClusterArn`, which CloudFormation does not tell. */
export const handler = createCustomResource({
  logger: createLogger(readVariable(env, 'AWS_LAMBDA_FUNCTION_NAME')),
  apply: async (properties) => {
    const { ClusterArn } = v.parse(Properties, properties);
    const Brokers = await readBootstrapBrokers(ClusterArn, {
      region: readVariable(env, 'AWS_REGION'),
      credentials: {
        accessKeyId: readVariable(env, 'AWS_ACCESS_KEY_ID'),
        secretAccessKey: readVariable(env, 'AWS_SECRET_ACCESS_KEY'),
        sessionToken: env.AWS_SESSION_TOKEN,
      },
      nowMs: systemClock.now(),
    });
    return { Brokers };
  },
});
