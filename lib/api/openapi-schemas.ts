import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { SpillwayError } from '../spillway-error.ts';
import type { JsonSchema } from './json-schema-draft4.ts';
import { CHECKS_IN_CODE, describeSchema } from './request-model.ts';

/**
 * The schemas of an OpenAPI document. A schema with a title is written once, below that title, and referred to wherever
 * it stands, inside of other schemas too; one without a title is written where it is used.
 */
export class OpenApiSchemas {
  private readonly sent = new Map<string, GenericSchema>();
  private readonly answered = new Map<string, GenericSchema>();

  /** What callers send. */
  request(subject: string, schema: GenericSchema): JsonSchema {
    return this.refer(subject, schema, 'input', this.sent);
  }

  /** What callers get. */
  response(subject: string, schema: GenericSchema): JsonSchema {
    return this.refer(subject, schema, 'output', this.answered);
  }

  /** `components.schemas`, in order of their names. */
  components(): Readonly<Record<string, JsonSchema>> {
    const described = { ...describeAll(this.sent, 'input'), ...describeAll(this.answered, 'output') };
    return Object.fromEntries(Object.entries(described).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private refer(
    subject: string,
    schema: GenericSchema,
    side: 'input' | 'output',
    known: Map<string, GenericSchema>,
  ): JsonSchema {
    const { title, ...described } = describeSchema(subject, schema, side);
    if (typeof title !== 'string') return described;
    const present = this.sent.get(title) ?? this.answered.get(title);
    if (present !== undefined && present !== schema) {
      throw new SpillwayError(
        'duplicate-schema',
        `${subject} has the title '${title}' of another schema; give each schema a title of its own`,
      );
    }
    known.set(title, schema);
    return { $ref: componentRef(title) };
  }
}

/** A request's or an answer's JSON body of that schema, beside what else is said of it. */
export function jsonContent(schema: JsonSchema, rest: object): object {
  return { ...rest, content: { 'application/json': { schema } } };
}

function describeAll(schemas: ReadonlyMap<string, GenericSchema>, typeMode: 'input' | 'output') {
  return toJsonSchemaDefs(Object.fromEntries(schemas), {
    target: 'draft-2020-12',
    typeMode,
    ignoreActions: CHECKS_IN_CODE,
    overrideRef: ({ referenceId }) => componentRef(referenceId),
  }) as Record<string, JsonSchema>;
}

function componentRef(title: string): string {
  return `#/components/schemas/${title}`;
}
