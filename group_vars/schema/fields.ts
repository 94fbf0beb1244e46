import { networkOf, parseAddress, parseCidr } from 'konverge';
import { z } from 'zod';

/** Text that `problem` finds nothing wrong with. */
function text(problem: (value: string) => string | undefined, mend?: (value: string) => string | undefined) {
  return z.string().superRefine((value, context) => {
    const message = problem(value);
    if (message === undefined) return;
    context.addIssue({ code: 'custom', message, params: { mend: mend?.(value) } });
  });
}

/** `1.29.6`: release tags without their `v`. A moving name such as `master` would make two runs two clusters. */
export const version = (example: string) =>
  text(
    (value) => {
      if (/^v\d/.test(value)) return `'${value}' begins with v`;
      return /^\d+\.\d+\.\d+$/.test(value) ? undefined : `'${value}' is no released version`;
    },
    (value) => (/^v\d/.test(value) ? `write '${value.slice(1)}'` : `write all three numbers, such as '${example}'`),
  );

export const address = text((value) =>
  parseAddress(value) === undefined ? `'${value}' is no IPv4 address` : undefined,
);

/** An IPv4 network. Host bits are refused: kubeadm accepts them, and `10.96.0.0/8` quietly becomes all of 10.0.0.0/8. */
export const network = text(
  (value) => {
    const cidr = parseCidr(value);
    if (cidr === undefined) return `'${value}' is no IPv4 network`;
    return cidr.hostBits ? `${value} has host bits set: as a network it is ${networkOf(cidr)}` : undefined;
  },
  (value) => {
    const cidr = parseCidr(value);
    if (cidr === undefined) return 'write it as 10.244.0.0/16';
    return `write ${networkOf(cidr)} if that is what you mean, else a network of your own such as 10.244.0.0/16`;
  },
);

// RFC 1123, lower case as Kubernetes wants it.
const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const dnsPattern = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`);

export const dnsName = text(
  (value) => (dnsPattern.test(value) && !/^[\d.]+$/.test(value) ? undefined : `'${value}' is no DNS name`),
  () => 'use lower case letters, digits, - and dots',
);

export const addressOrName = text((value) =>
  parseAddress(value) !== undefined || (dnsPattern.test(value) && !/^[\d.]+$/.test(value))
    ? undefined
    : `'${value}' is neither an IPv4 address nor a DNS name`,
);

/** http or https, without the trailing slash. */
export const baseUrl = text((value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? undefined : `'${value}' is no http(s) URL`;
}).overwrite((value) => value.replace(/\/+$/, ''));

/** `registry.k8s.io` or `host:5000/path`: what stands before `/name:tag` of an image. */
export const imagePrefix = text(
  (value) =>
    /^[a-z0-9][-a-z0-9.]*(?::\d+)?(?:\/[a-z0-9][-_.a-z0-9]*)*$/.test(value)
      ? undefined
      : `'${value}' is no image repository`,
  () => 'write host[:port][/path], without https:// and without a trailing slash',
);

export const sha256 = text(
  (value) => (/^[0-9a-f]{64}$/.test(value) ? undefined : 'is no sha256: 64 hexadecimal digits in lower case'),
  () => 'take it from the release page of the artifact',
);

export const port = z.int().min(1).max(65_535);

/** Flags of a program, without their dashes. */
export const flags = (value = z.string()) =>
  z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not a flag without its dashes'), value).default({});

/** Whole seconds. */
export const seconds = z.int().min(1);

/** `Asia/Shanghai`: a name of the IANA time zone database. */
export const timezone = text(
  (value) => (isTimezone(value) ? undefined : `'${value}' is no time zone`),
  () => 'see: timedatectl list-timezones',
);

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}
