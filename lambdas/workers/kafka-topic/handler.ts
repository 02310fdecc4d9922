import * as v from 'valibot';
import { systemClock } from '../../adapters/clock.ts';
import { createLogger } from '../../adapters/logger.ts';
import { readEnvironmentTopic } from '../../adapters/messaging/kafka-client.ts';
import { createTopic, withTopicAdmin } from '../../adapters/messaging/kafka-create-topic.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { createCustomResource } from '../../middleware/custom-resource.ts';

const { env } = process;
/** CloudFormation makes texts of all properties. */
const wholeNumber = v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(1));
const Properties = v.object({ Partitions: wholeNumber, RetentionMs: wholeNumber });

/** Custom resource that makes the topic of `Env.EVENT_TOPIC`: MSK Serverless has no API for it but Kafka's own. */
export const handler = createCustomResource({
  logger: createLogger(readVariable(env, 'AWS_LAMBDA_FUNCTION_NAME')),
  apply: async (properties) => {
    const { Partitions: partitions, RetentionMs: retentionMs } = v.parse(Properties, properties);
    const environment = readEnvironmentTopic(env, systemClock);
    await withTopicAdmin(environment, (admin) => createTopic(admin, environment.topic, { partitions, retentionMs }));
    return {};
  },
});
