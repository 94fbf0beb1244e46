import { type ZodType, z } from 'zod';

/**
 * The schema of the vars files as JSON Schema draft 2020-12, for completion and checking in an editor. Nothing is
 * required in it, as each file holds only a part of the vars.
 */
export function jsonSchemaOf(schema: ZodType): unknown {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      delete jsonSchema.required;
    },
  });
}
