import * as v from 'valibot';
import { LoginRequest } from './identity.ts';

/** A tenant has the state `creating` until its key is in the usage plan, and `deleting` until its key is gone. */
export const TENANT_STATES = ['creating', 'active', 'deleting'] as const;

export const CreateTenantRequest = v.pipe(
  v.strictObject({
    name: v.pipe(
      v.string(),
      v.maxLength(64),
      v.regex(/^\S(?:.*\S)?$/),
      v.description('unique among the tenants, whatever the case'),
    ),
    tier: v.pipe(v.string(), v.maxLength(32), v.description('a tier with a key for each tenant')),
    claim: v.optional(
      v.pipe(
        v.string(),
        v.minLength(1),
        v.maxLength(512),
        v.description(
          'what the tokens of an outside issuer call the tenant: the value of its tenant claim, or <issuer>|<value> where several issuers are accepted',
        ),
      ),
    ),
  }),
  v.title('CreateTenantRequest'),
);
export type CreateTenantRequest = v.InferOutput<typeof CreateTenantRequest>;

export const TenantResponse = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    tier: v.string(),
    claim: v.optional(v.string()),
    state: v.picklist(TENANT_STATES),
    /** Under which API Gateway counts the tenant; absent until there is one. */
    apiKeyId: v.optional(v.string()),
    createdAt: v.pipe(v.string(), v.description('ISO 8601')),
  }),
  v.title('TenantResponse'),
);
export type TenantResponse = v.InferOutput<typeof TenantResponse>;

/** The address as a login takes it. */
export const AddMemberRequest = v.pipe(
  v.strictObject({ email: LoginRequest.entries.email }),
  v.title('AddMemberRequest'),
);
export type AddMemberRequest = v.InferOutput<typeof AddMemberRequest>;
