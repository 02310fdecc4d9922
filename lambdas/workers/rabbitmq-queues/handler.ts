import * as v from 'valibot';
import { createLogger } from '../../adapters/logger.ts';
import { createEnvironmentRabbit } from '../../adapters/messaging/environment-rabbitmq.ts';
import { declareQueues } from '../../adapters/messaging/rabbitmq-declare.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { RabbitQueueSpec } from '../../contract/rabbitmq-queues.ts';
import { createCustomResource } from '../../middleware/custom-resource.ts';

const { env } = process;
const Properties = v.object({ Queues: v.pipe(v.string(), v.parseJson(), v.array(RabbitQueueSpec)) });

/** Custom resource that declares the queues of work on the broker of `Env.WORK_BROKER`; `Queues` is JSON of their specs. */
export const handler = createCustomResource({
  logger: createLogger(readVariable(env, 'AWS_LAMBDA_FUNCTION_NAME')),
  apply: async (properties) => {
    const { connection } = createEnvironmentRabbit(env);
    try {
      await declareQueues(connection, v.parse(Properties, properties).Queues);
    } finally {
      await connection.close();
    }
    return {};
  },
});
