export { fromAnsible, recogniseAnsible } from './ansible/from-ansible.ts';
export { clusterOf } from './cluster.ts';
export { defineInventory, groupVars } from './define.ts';
export { type LoadedInventory, loadInventory } from './load.ts';
export { parseOverrides } from './overrides.ts';
export { type SecretLimits, secretString } from './secret-schema.ts';
export type { ShownVar } from './show-vars.ts';
export type {
  BecomeSettings,
  Host,
  HostEntry,
  HostSet,
  HostView,
  Inventory,
  InventoryDefinition,
  Problem,
  SshSettings,
} from './types.ts';
