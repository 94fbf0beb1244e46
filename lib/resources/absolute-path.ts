import { badInput } from '../errors.ts';

/**
 * The path itself, without a slash at its end.
 * @throws BadInput unless it is absolute, free of `.`, `..` and `undefined` parts, and on one line
 */
export function absolutePath(kind: string, path: string): string {
  const clean = path === '/' ? path : path.replace(/\/+$/, '');
  const parts = clean.split('/').slice(1);
  const odd = !clean.startsWith('/') || /[\n\0]/.test(clean) || parts.some((part) => part === '..' || part === '.');
  if (odd) throw badInput(`${kind} ${path}: the path must be absolute, without . and .. in it`);
  // What a template literal makes of a value that is not there.
  if (parts.some((part) => /^(undefined|null|NaN)$|\[object /.test(part))) {
    throw badInput(`${kind} ${path}: a part of the path was put together from a value that is not there`);
  }
  return clean;
}

/** `/etc` for `/etc/hosts`, `/` for `/etc` */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
/** `hosts` for `/etc/hosts` */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
