import './once.ts';

export { execOnHosts, showFacts } from './adhoc/index.ts';
export {
  asKonvergeError,
  badInput,
  type Details,
  KonvergeError,
  type Place,
  refused,
} from './errors.ts';
export { fromAnsible } from './inventory/ansible/from-ansible.ts';
export {
  addressAt,
  type Cidr,
  contains,
  formatAddress,
  isReservedIn,
  networkOf,
  overlap,
  parseAddress,
  parseCidr,
} from './inventory/cidr.ts';
export { clusterOf, hostSet } from './inventory/cluster.ts';
export { defineInventory, groupVars, type TypedHostEntry, type VarsPatch } from './inventory/define.ts';
export { jsonSchemaOf } from './inventory/json-schema.ts';
export { type LoadedInventory, type LoadOptions, loadInventory } from './inventory/load.ts';
export { parseOverrides } from './inventory/overrides.ts';
export { type SecretLimits, secretString } from './inventory/secret-schema.ts';
export type { ShownVar } from './inventory/show-vars.ts';
export type {
  BecomeSettings,
  HostEntry,
  HostSet,
  HostView,
  Inventory,
  InventoryDefinition,
  Problem,
  SshSettings,
  VarsSource,
} from './inventory/types.ts';
export type {
  AnyResource,
  Change,
  CommandResult,
  Evidence,
  Outcome,
  Outcomes,
  Probe,
  Resource,
  Seen,
  WriteOptions,
  Writer,
} from './resources/contract.ts';
export type { Arch, Facts, NetworkInterface, OsFamily } from './resources/facts.ts';
export {
  absent,
  archive,
  block,
  command,
  directory,
  download,
  file,
  gate,
  hostname,
  image,
  imageName,
  kernelModule,
  line,
  manifest,
  mountPoint,
  output,
  packageRepo,
  pkg,
  pkgAbsent,
  service,
  swapOff,
  symlink,
  sysctls,
  timezone,
  unit,
} from './resources/index.ts';
export { defineRole } from './run/define-role.ts';
export { main } from './run/main.ts';
export {
  type Cluster,
  type GroupsOf,
  type Play,
  type Playbook,
  type PlayOptions,
  play,
  playbook,
  type VarsOf,
} from './run/play.ts';
export type { Context, Reach, Role, RoleDefinition, Step } from './run/role.ts';
export { secretsMain } from './run/secrets-main.ts';
export { isSecret, redact, reveal, type Secret, secret } from './secret.ts';
export { lines, quote, type Script, type ShellValue, sh } from './sh.ts';
export { closest, didYouMean } from './suggest.ts';
