import { type ZodType, z } from 'zod';
import { badInput } from '../errors.ts';
import type { HostView } from '../inventory/types.ts';
import type { Context, PreparedStep, Role, RoleDefinition, Step } from './role.ts';

/**
 * A role: a typed function whose only way to touch a host is `ensure`. `role(vars)` and `role.for(host => vars)` make a
 * step of a play; its vars are parsed for every host before the first connection.
 */
export function defineRole<S extends ZodType>(definition: RoleDefinition<S>): Role<S> {
  const bind = <V>(select: (host: HostView<V>) => z.input<S>): Step<V> => step(definition, select, [definition.name]);
  const role = (vars: z.input<S>): Step => bind(() => vars);
  return Object.assign(role, {
    for: bind,
    role: definition.name,
    schema: definition.vars,
    dir: definition.dir,
  });
}

function step<S extends ZodType, V>(
  definition: RoleDefinition<S>,
  select: (host: HostView<V>) => z.input<S>,
  tags: readonly string[],
): Step<V> {
  return {
    role: definition.name,
    dir: definition.dir,
    tags,
    tagged: (...more) => step(definition, select, [...tags, ...more]),
    prepare: (host, inventory) => prepare(definition, select(host), host, inventory),
  };
}

function prepare<S extends ZodType>(
  definition: RoleDefinition<S>,
  input: z.input<S>,
  host: HostView,
  inventory: readonly HostView[],
): PreparedStep {
  const parsed = definition.vars.safeParse(input);
  const place = { host: host.name, role: definition.name };
  if (!parsed.success) {
    throw badInput(`vars of role ${definition.name}: ${z.prettifyError(parsed.error)}`, { place });
  }
  const problems = definition.refuse?.(parsed.data, host, inventory) ?? [];
  if (problems.length > 0) throw badInput(problems.join('\n'), { place });
  const vars = parsed.data;
  return { vars, run: (context: Context) => definition.run(context, vars) };
}
