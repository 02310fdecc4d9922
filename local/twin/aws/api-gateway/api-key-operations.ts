import { randomInt } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { badRequest } from './api-gateway-error.ts';
import type { StoredApiKey } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import { flag, optionalMember, requiredMember } from './members.ts';
import { pageOf } from './page-of.ts';

const VALUE_MIN_LENGTH = 20;
const VALUE_MAX_LENGTH = 128;
const ID_LENGTH = 10;
const VALUE_LENGTH = 40;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** CreateApiKey, GetApiKey, GetApiKeys, UpdateApiKey, DeleteApiKey. */
export function apiKeyOperations(store: ApiKeyStore, nowMs: () => number): AwsService {
  return {
    CreateApiKey(input) {
      if (Array.isArray(input.stageKeys) && input.stageKeys.length > 0) {
        throw badRequest('stage keys are older than usage plans; call CreateUsagePlanKey');
      }
      const value = optionalMember(input, 'value') ?? random(VALUE_LENGTH);
      if (value.length < VALUE_MIN_LENGTH) {
        throw badRequest(`API Key value should be at least ${VALUE_MIN_LENGTH} characters`);
      }
      if (value.length > VALUE_MAX_LENGTH) {
        throw badRequest(`API Key value should be at most ${VALUE_MAX_LENGTH} characters`);
      }
      const key: StoredApiKey = {
        id: random(ID_LENGTH),
        name: optionalMember(input, 'name') ?? '',
        value,
        description: optionalMember(input, 'description'),
        customerId: optionalMember(input, 'customerId'),
        enabled: flag(input, 'enabled'),
        tags: (input.tags ?? {}) as Readonly<Record<string, string>>,
        createdMs: nowMs(),
        updatedMs: nowMs(),
        planIds: [],
      };
      store.add(key);
      return describe(key, true, store);
    },
    GetApiKey: (input) => describe(keyOf(input), flag(input, 'includeValue'), store),
    GetApiKeys(input) {
      const [prefix, customerId] = [optionalMember(input, 'name') ?? '', optionalMember(input, 'customerId')];
      const found = store
        .keys()
        .filter((key) => key.name.startsWith(prefix) && (customerId === undefined || key.customerId === customerId));
      return pageOf(found, input, (key) => describe(key, flag(input, 'includeValues'), store));
    },
    UpdateApiKey(input) {
      const key = keyOf(input);
      // All of them or none.
      const change: Partial<StoredApiKey> = {};
      for (const operation of patchOperations(input)) Object.assign(change, readPatch(operation));
      Object.assign(key, change, { updatedMs: nowMs() });
      store.changed(key);
      return describe(key, false, store);
    },
    DeleteApiKey(input) {
      store.remove(keyOf(input));
      return {};
    },
  };

  function keyOf(input: Input): StoredApiKey {
    return store.key(requiredMember(input, 'apiKey'));
  }
}

function describe(key: StoredApiKey, withValue: boolean, store: ApiKeyStore): Record<string, unknown> {
  const { id, name, value, description, customerId, enabled, tags, createdMs, updatedMs, planIds } = key;
  const stageKeys = store
    .plans()
    .filter((plan) => planIds.includes(plan.id))
    .flatMap(({ stages }) => stages.map(({ apiId, stage }) => `${apiId}/${stage}`));
  return {
    id,
    name,
    description,
    customerId,
    enabled,
    ...(withValue && { value }),
    createdDate: Math.floor(createdMs / 1_000),
    lastUpdatedDate: Math.floor(updatedMs / 1_000),
    stageKeys,
    ...(Object.keys(tags).length > 0 && { tags }),
  };
}

function patchOperations(input: Input): readonly Input[] {
  const { patchOperations: given } = input;
  if (Array.isArray(given)) return given.filter((item) => typeof item === 'object' && item !== null);
  throw badRequest('patchOperations must be a list');
}

function readPatch(operation: Input): Partial<StoredApiKey> {
  const path = requiredMember(operation, 'path');
  const value = optionalMember(operation, 'value') ?? '';
  if (operation.op !== 'replace') {
    throw badRequest(`Invalid patch operation specified: '${String(operation.op)}'; an API key knows replace`);
  }
  switch (path) {
    case '/enabled':
      return { enabled: value === 'true' };
    case '/name':
      return { name: value };
    case '/description':
      return { description: value };
    case '/customerId':
      return { customerId: value };
    default:
      throw badRequest(
        `Invalid patch path '${path}' specified for op 'replace'. Must be one of: [/name, /customerId, /description, /enabled]`,
      );
  }
}

function random(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
