import { z } from 'zod';

/** The keys that a schema allows at `path`; undefined where any key is allowed or none can be. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] | undefined {
  for (const each of schemasAt(schema, path)) if (each instanceof z.ZodObject) return Object.keys(each.shape);
  return undefined;
}

/** What `.describe()` says of the var at `path`. */
export function descriptionAt(schema: unknown, path: readonly PropertyKey[]): string | undefined {
  const outer = wrapped(schema, path);
  for (const each of [...outer, ...outer.flatMap(unwrap)]) {
    if (each instanceof z.ZodType && each.description !== undefined) return each.description;
  }
  return undefined;
}

/** Every place below `schema` whose last key is `key`: where a misplaced var belongs. */
export function pathsOf(schema: unknown, key: string, under: readonly string[] = []): readonly (readonly string[])[] {
  return unwrap(schema).flatMap((each) => {
    if (!(each instanceof z.ZodObject)) return [];
    return Object.entries(each.shape).flatMap(([name, child]) => {
      const path = [...under, name];
      return [...(name === key ? [path] : []), ...pathsOf(child, key, path)];
    });
  });
}

function schemasAt(schema: unknown, path: readonly PropertyKey[]): readonly unknown[] {
  return wrapped(schema, path).flatMap(unwrap);
}

function wrapped(schema: unknown, path: readonly PropertyKey[]): readonly unknown[] {
  let at: readonly unknown[] = [schema];
  for (const key of path) at = at.flatMap(unwrap).flatMap((each) => childOf(each, key));
  return at;
}

function childOf(schema: unknown, key: PropertyKey): readonly unknown[] {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? [schema.shape[String(key)]] : [];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return schema instanceof z.ZodArray ? [schema.element] : [];
}

// Defaults, optionals and transforms stand around the schema that has the keys.
function unwrap(schema: unknown): readonly unknown[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrap) : [schema];
}
