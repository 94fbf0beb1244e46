import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ejs from 'ejs';
import { badInput } from '../errors.ts';
import { composedSecret, isSecret, reveal, type Secret } from '../secret.ts';

const compiled = new Map<string, ejs.TemplateFunction>();

/** `templates/NAME` of a role's folder, rendered. @throws BadInput on undefined, null, objects and Secrets in `<%= %>` */
export function renderTemplate(dir: string, name: string, data: object): string {
  return render(dir, name, data, plainText);
}

/** The same where Secrets may occur: the text as a whole is then a secret. */
export function renderSecretTemplate(dir: string, name: string, data: object): Secret<string> {
  return composedSecret(render(dir, name, data, secretText));
}

// EJS takes the escape function at compile time, so each template is compiled once for each of the two.
function render(dir: string, name: string, data: object, escape: (value: unknown) => string): string {
  const path = join(dir, 'templates', name);
  const key = `${escape.name} ${path}`;
  let template = compiled.get(key);
  if (template === undefined) {
    template = compile(path, name, escape);
    compiled.set(key, template);
  }
  try {
    return template(data);
  } catch (error) {
    throw badInput(`template ${name}: ${whatHappened(error)}`, {
      mend: `fix ${path} or the vars it uses`,
      cause: error,
    });
  }
}

function compile(path: string, name: string, escape: (value: unknown) => string): ejs.TemplateFunction {
  const text = readTemplate(path);
  try {
    return ejs.compile(text, { filename: path, escape, async: false });
  } catch (error) {
    // The lines that follow advertise a lint program.
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    throw badInput(`template ${name} does not compile: ${why.replace(` in ${path} while compiling ejs`, '')}`, {
      mend: `see the <% … %> of ${path}: each holds a piece of JavaScript, and each bracket is closed`,
      cause: error,
    });
  }
}

function readTemplate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw badInput(`template ${path} cannot be read`, { cause: error, mend: 'templates live in ROLE/templates/' });
  }
}

// EJS's own default escapes for HTML and prints undefined as nothing; a configuration file wants neither.
function plainText(value: unknown): string {
  if (isSecret(value)) throw new TypeError('a secret in a plain template: use secretTemplate');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`<%= %> got ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`);
}

function secretText(value: unknown): string {
  return plainText(isSecret(value) ? reveal(value) : value);
}

function whatHappened(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // EJS puts `path:line` first, then the lines around it, then the message after an empty line.
  const line = /^(?:.*[/\\])?([^/\\\n]+:\d+)\n/.exec(error.message)?.[1];
  const message = error.message.split('\n\n').at(-1)?.trim() ?? error.message;
  return line === undefined ? message : `${line}: ${message}`;
}
