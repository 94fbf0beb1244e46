import { stringify } from 'yaml';
import type { ConfigApi, InitInput, JoinInput, KubeadmDocument } from './config-input.ts';
import { v1beta2 } from './config-v1beta2.ts';
import { v1beta3 } from './config-v1beta3.ts';
import { v1beta4 } from './config-v1beta4.ts';
import { atLeast } from './version.ts';

/** The newest version of kubeadm's configuration API that a kubeadm of this version reads. */
export function configApi(version: string): ConfigApi {
  if (atLeast(version, '1.31')) return v1beta4;
  return atLeast(version, '1.22') ? v1beta3 : v1beta2;
}

/** The file for `kubeadm init`, and for single phases of it. */
export function initConfig(input: InitInput): string {
  return yamlText(configApi(input.settings.version).init(input));
}

/** The file for `kubeadm join`. */
export function joinConfig(input: JoinInput): string {
  return yamlText([configApi(input.settings.version).join(input)]);
}

// Go's YAML readers follow 1.1, where `no`, `on` and 0644 are not strings unless quoted.
function yamlText(documents: readonly KubeadmDocument[]): string {
  return documents.map((document) => stringify(document, { version: '1.1', lineWidth: 0 })).join('---\n');
}
