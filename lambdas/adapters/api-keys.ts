import {
  APIGatewayClient,
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlansCommand,
  LimitExceededException,
  NotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-api-gateway';
import { ServiceError } from '../errors/service-error.ts';
import { awsClientOptions } from './aws-client-options.ts';

/** A key that is to be there. */
export interface ApiKeyRequest {
  /** Names the key for people, and for finding it again. */
  readonly name: string;
  readonly value: string;
  readonly description: string;
}

export type CreatedApiKey =
  | { readonly outcome: 'created'; readonly keyId: string }
  /** Another key has this value. */
  | { readonly outcome: 'value-taken' }
  /** The account has as many keys in this Region as AWS allows. */
  | { readonly outcome: 'none-left' };

/** API keys of API Gateway. Each operation may be done again, and then changes nothing. */
export interface ApiKeys {
  create(request: ApiKeyRequest): Promise<CreatedApiKey>;
  /** Id of a key of this name. */
  find(name: string): Promise<string | undefined>;
  /** Puts the key into the usage plan of this name, which meters it from then on. */
  addToPlan(keyId: string, planName: string): Promise<void>;
  /** Takes the key out of its plans and away. */
  remove(keyId: string): Promise<void>;
}

/** AWS takes five calls that change keys per second and account. */
const BUSY_RETRY_SECONDS = 2;

export function createApiKeys(client = new APIGatewayClient(awsClientOptions())): ApiKeys {
  const findKey = async (name: string, value?: string): Promise<string | undefined> => {
    let position: string | undefined;
    do {
      // The query finds all names that begin so.
      const page = await client.send(new GetApiKeysCommand({ nameQuery: name, includeValues: true, position }));
      const found = page.items?.find((key) => key.name === name && (value === undefined || key.value === value));
      if (found?.id !== undefined) return found.id;
      position = page.position;
    } while (position !== undefined);
    return undefined;
  };
  const findPlan = async (name: string): Promise<string> => {
    const ids: string[] = [];
    let position: string | undefined;
    do {
      // 500 is as many as a page holds, and an account has 300 at most.
      const page = await client.send(new GetUsagePlansCommand({ limit: 500, position }));
      ids.push(...(page.items ?? []).flatMap((plan) => (plan.name === name && plan.id !== undefined ? [plan.id] : [])));
      position = page.position;
    } while (position !== undefined);
    const [id] = ids;
    if (id !== undefined && ids.length === 1) return id;
    throw new Error(
      `there must be one usage plan '${name}' in this Region, got ${ids.length}; deploy the service stack`,
    );
  };
  return {
    create: ({ name, value, description }) =>
      unlessBusy(async () => {
        try {
          const { id } = await client.send(new CreateApiKeyCommand({ name, value, description, enabled: true }));
          if (id === undefined) throw new Error('API Gateway answered without the id of the key');
          return { outcome: 'created', keyId: id };
        } catch (error) {
          if (error instanceof LimitExceededException) return { outcome: 'none-left' };
          if (!(error instanceof ConflictException)) throw error;
          // Ours of an attempt that did not come to its end, or somebody else's.
          const keyId = await findKey(name, value);
          return keyId === undefined ? { outcome: 'value-taken' } : { outcome: 'created', keyId };
        }
      }),
    find: (name) => unlessBusy(() => findKey(name)),
    addToPlan: (keyId, planName) =>
      unlessBusy(async () => {
        const usagePlanId = await findPlan(planName);
        try {
          await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
        } catch (error) {
          // It is in the plan already: a key that was made for one plan is put into no other.
          if (!(error instanceof ConflictException)) throw error;
        }
      }),
    remove: (keyId) =>
      unlessBusy(async () => {
        try {
          await client.send(new DeleteApiKeyCommand({ apiKey: keyId }));
        } catch (error) {
          if (!(error instanceof NotFoundException)) throw error;
        }
      }),
  };
}

/** 503 where AWS wants fewer calls; nothing is lost, as the caller may do the same again. */
async function unlessBusy<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof TooManyRequestsException)) throw cause;
    throw new ServiceError('api-keys-busy', 'API keys cannot be changed so fast; the same request again goes on', {
      statusCode: 503,
      expose: true,
      headers: { 'Retry-After': String(BUSY_RETRY_SECONDS) },
      cause,
    });
  }
}
