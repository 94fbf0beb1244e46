const key = Symbol.for('konverge');

const before: unknown = Reflect.get(globalThis, key);
// Of two copies neither knows the secrets of the other, and would show them.
if (typeof before === 'string') {
  throw new Error(
    `konverge is loaded twice, from ${before} and from ${import.meta.url}: import it by its name everywhere, ` +
      `from 'konverge' and 'konverge/roles/NAME'`,
  );
}
Reflect.set(globalThis, key, import.meta.url);
