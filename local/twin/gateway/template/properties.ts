import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { isRecord } from '../model/is-record.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';

/** Reads the properties of one resource; whatever has the wrong shape fails with the resource's and property's name. */
export class Properties {
  readonly resource: ResolvedResource;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;

  constructor(
    resource: ResolvedResource,
    values: Readonly<Record<string, unknown>> = resource.properties,
    prefix = '',
  ) {
    this.resource = resource;
    this.#values = values;
    this.#prefix = prefix;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.fail(name, 'a string');
  }

  optionalText(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === 'string') return value;
    // CloudFormation takes a number where a string is asked for: `StatusCode: 204`.
    return typeof value === 'number' ? String(value) : this.fail(name, 'a string');
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === 'number') return value;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    return Number.isNaN(number) ? this.fail(name, 'a number') : number;
  }

  flag(name: string): boolean {
    const value = this.#get(name) ?? false;
    if (value === true || value === 'true') return true;
    return value === false || value === 'false' ? false : this.fail(name, 'true or false');
  }

  texts(name: string): readonly string[] {
    const value = this.#get(name) ?? [];
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value
      : this.fail(name, 'a list of strings');
  }

  textMap(name: string): ReadonlyMap<string, string> {
    return new Map([...this.map(name)].map(([key, value]) => [key, String(value)]));
  }

  map(name: string): ReadonlyMap<string, unknown> {
    const value = this.#get(name) ?? {};
    return isRecord(value) ? new Map(Object.entries(value)) : this.fail(name, 'an object');
  }

  child(name: string): Properties | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    return isRecord(value) ? this.#of(value, name) : this.fail(name, 'an object');
  }

  children(name: string): readonly Properties[] {
    const value = this.#get(name) ?? [];
    if (!Array.isArray(value)) return this.fail(name, 'a list');
    return value.map((item, index) =>
      isRecord(item) ? this.#of(item, `${name}[${index}]`) : this.fail(`${name}[${index}]`, 'an object'),
    );
  }

  /** JSON that stands either as an object or as text. */
  json(name: string): unknown {
    const value = this.#get(name);
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      return this.fail(name, 'JSON');
    }
  }

  fail(name: string, expected: string): never {
    const got = JSON.stringify(this.#values[name]) ?? 'nothing';
    throw new GatewayTemplateError(this.resource, `${this.#prefix}${name} must be ${expected}, got ${got}`);
  }

  #get(name: string): unknown {
    return this.#values[name] ?? undefined;
  }

  #of(values: Record<string, unknown>, name: string): Properties {
    return new Properties(this.resource, values, `${this.#prefix}${name}.`);
  }
}
