import type { Input } from '../../aws-call.ts';
import { type Ask, member, type ServiceQuestions } from '../question.ts';

/**
 * Actions of API Gateway's control plane are the methods of its REST interface, and resources its paths; they belong to no
 * account (developer guide, "Control access to a REST API with IAM permissions").
 */
const ask =
  (method: string, path: (input: Input) => string): Ask =>
  (input, { region }) => [{ action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::${path(input)}` }];

const keys = () => '/apikeys';
const key = (input: Input) => `/apikeys/${member(input, 'apiKey')}`;
const plans = () => '/usageplans';
const plan = (input: Input) => `/usageplans/${member(input, 'usageplanId')}`;
const planKeys = (input: Input) => `${plan(input)}/keys`;
const planKey = (input: Input) => `${planKeys(input)}/${member(input, 'keyId')}`;

export const API_GATEWAY_QUESTIONS: ServiceQuestions = {
  CreateApiKey: ask('POST', keys),
  GetApiKeys: ask('GET', keys),
  GetApiKey: ask('GET', key),
  UpdateApiKey: ask('PATCH', key),
  DeleteApiKey: ask('DELETE', key),
  GetUsagePlans: ask('GET', plans),
  GetUsagePlan: ask('GET', plan),
  CreateUsagePlanKey: ask('POST', planKeys),
  GetUsagePlanKeys: ask('GET', planKeys),
  GetUsagePlanKey: ask('GET', planKey),
  DeleteUsagePlanKey: ask('DELETE', planKey),
};
