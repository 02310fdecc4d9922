import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { DurableMap } from '../durable-map.ts';
import { KEY_SPECS } from './key-spec.ts';
import { invalidUsage, kmsInvalid, kmsNotFound } from './kms-error.ts';
import type { KmsAlias, KmsKey } from './kms-key.ts';

export interface NewKey {
  readonly id?: string;
  readonly spec?: string | undefined;
  readonly usage?: string | undefined;
  readonly description?: string | undefined;
  readonly policy?: string | undefined;
  readonly isMultiRegion?: boolean;
  readonly manager?: 'AWS' | 'CUSTOMER';
}

const ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Keys and their aliases. */
export class KeyStore {
  readonly arnPrefix: string;
  readonly #keys: DurableMap<KmsKey>;
  readonly #aliases: DurableMap<KmsAlias>;
  readonly #nowMs: () => number;

  /** @param arnPrefix `arn:aws:kms:<region>:<account>`. */
  constructor(arnPrefix: string, nowMs: () => number, database?: DatabaseSync) {
    this.arnPrefix = arnPrefix;
    this.#nowMs = nowMs;
    this.#keys = new DurableMap(database, 'kms_keys');
    this.#aliases = new DurableMap(database, 'kms_aliases');
  }

  /** @throws AwsError where there is no such spec, or it has not that usage. */
  create({ id, spec = 'SYMMETRIC_DEFAULT', usage, ...more }: NewKey): KmsKey {
    const known = Object.hasOwn(KEY_SPECS, spec) ? KEY_SPECS[spec] : undefined;
    if (!known) {
      const specs = Object.keys(KEY_SPECS).join(', ');
      throw new AwsError('UnsupportedOperationException', `the twin has no keys of the spec ${spec}; it has ${specs}`);
    }
    const only = known.usages.length === 1 ? known.usages[0] : undefined;
    const isDefault = usage === undefined && known.kind !== 'symmetric';
    if (isDefault)
      throw kmsInvalid(
        `You must specify a KeyUsage value for an asymmetric KMS key or HMAC KMS key; the spec is ${spec}.`,
      );
    const given = usage ?? only ?? '';
    if (!known.usages.includes(given)) throw kmsInvalid(`KeyUsage ${given} is not compatible with KeySpec ${spec}`);
    const keyId = id ?? (more.isMultiRegion ? `mrk-${randomUUID().replaceAll('-', '')}` : randomUUID());
    const key: KmsKey = {
      id: keyId,
      arn: `${this.arnPrefix}:key/${keyId}`,
      spec,
      usage: given,
      isMultiRegion: more.isMultiRegion ?? false,
      createdMs: this.#nowMs(),
      manager: more.manager ?? 'CUSTOMER',
      description: more.description ?? '',
      isEnabled: true,
      policy: more.policy ?? this.#defaultPolicy(),
      tags: {},
      materials: [],
    };
    this.#keys.set(key.id, key);
    return key;
  }

  /** In the order of their ids; a key whose time has come is gone. */
  keys(): KmsKey[] {
    const nowMs = this.#nowMs();
    for (const { id, deletionMs } of this.#keys.values()) {
      if (deletionMs !== undefined && deletionMs <= nowMs) this.#keys.delete(id);
    }
    return [...this.#keys.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  aliases(): KmsAlias[] {
    return [...this.#aliases.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  alias(name: string): KmsAlias | undefined {
    return this.#aliases.get(name);
  }

  setAlias(name: string, keyId: string): void {
    const nowMs = this.#nowMs();
    const createdMs = this.#aliases.get(name)?.createdMs ?? nowMs;
    this.#aliases.set(name, { name, keyId, createdMs, updatedMs: nowMs });
  }

  deleteAlias(name: string): void {
    this.#aliases.delete(name);
  }

  /** By key id or ARN, alias name or alias ARN; `undefined` where there is none. */
  find(id: string): KmsKey | undefined {
    const local = id.startsWith(`${this.arnPrefix}:`) ? id.slice(this.arnPrefix.length + 1) : id;
    const keyId = local.startsWith('alias/') ? this.#aliases.get(local)?.keyId : local.replace(/^key\//, '');
    const key = keyId === undefined ? undefined : this.#keys.get(keyId);
    return key?.deletionMs !== undefined && key.deletionMs <= this.#nowMs() ? undefined : key;
  }

  /** @throws AwsError NotFoundException */
  key(id: string): KmsKey {
    const key = this.find(id);
    if (key) return key;
    const local = id.startsWith('arn:') ? id.slice(id.lastIndexOf(':') + 1) : id;
    if (local.startsWith('alias/aws/')) return this.#awsManaged(local);
    if (local.startsWith('alias/')) throw kmsNotFound(`Alias ${this.arnPrefix}:${local} is not found.`);
    const keyId = local.replace(/^key\//, '');
    throw kmsNotFound(
      ID.test(keyId) ? `Key '${this.arnPrefix}:key/${keyId}' does not exist` : `Invalid keyId '${keyId}'`,
    );
  }

  /** A key that may be used for an operation. @throws AwsError where it is disabled, to be deleted, or for something else. */
  usable(id: string, usage: string, operation: string): KmsKey {
    const key = this.key(id);
    this.checkState(key);
    if (key.usage !== usage) {
      throw invalidUsage(`${key.arn} key usage is ${key.usage} which is not valid for ${operation}.`);
    }
    return key;
  }

  /** @throws AwsError DisabledException, KMSInvalidStateException */
  checkState({ arn, isEnabled, deletionMs }: KmsKey): void {
    if (deletionMs !== undefined) throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
    if (!isEnabled) throw new AwsError('DisabledException', `${arn} is disabled.`);
  }

  /** Has to be called after a key was changed in place. */
  changed(key: KmsKey): void {
    this.#keys.changed(key.id);
  }

  flush(): void {
    this.#keys.flush();
    this.#aliases.flush();
  }

  /** Keys of AWS services come to be when they are first used. */
  #awsManaged(alias: string): KmsKey {
    const service = alias.slice('alias/aws/'.length);
    const description = `Default key that protects my ${service} data when no other key is defined`;
    const key = this.create({ description, manager: 'AWS' });
    this.setAlias(alias, key.id);
    return key;
  }

  #defaultPolicy(): string {
    const account = this.arnPrefix.split(':')[4];
    const Statement = [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ];
    return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement });
  }
}
