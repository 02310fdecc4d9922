/** An API key as it is kept; survives JSON. */
export interface StoredApiKey {
  readonly id: string;
  name: string;
  readonly value: string;
  description?: string | undefined;
  customerId?: string | undefined;
  enabled: boolean;
  tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  updatedMs: number;
  /** Ids of the usage plans that let it in. */
  planIds: string[];
  /** What the templates said of it when they were last read, as JSON; absent where it was made at run time. */
  declared?: string | undefined;
}

/** A usage plan of the templates. */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly stages: readonly { readonly apiId: string; readonly stage: string }[];
  readonly throttle: { readonly rateLimit?: number; readonly burstLimit?: number } | undefined;
  readonly quota: { readonly limit?: number; readonly offset?: number; readonly period?: string } | undefined;
}
