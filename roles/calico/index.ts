import { defineRole } from '../../lib/index.ts';
import { installCalico } from './install.ts';
import { calicoVars } from './vars.ts';

/**
 * Afterwards Calico is the cluster’s network: its objects are as wished, and it runs on every host. Meant for the
 * control planes; the first healthy one acts, the others see that they have nothing to do.
 */
export const calico = defineRole({
  name: 'calico',
  vars: calicoVars,
  refuse: ({ source, encapsulation, mode, typhaReplicas }, _host, inventory) => [
    ...source.urls
      .filter((url) => /\/(master|main|blob)\//.test(url))
      .map((url) => `source.urls: ${url} moves or is a web page; take the file of a release tag`),
    ...(encapsulation === 'vxlan' && mode === 'Never'
      ? ['mode Never is routing by BGP, which vxlan does without']
      : []),
    ...(typhaReplicas > inventory.length ? [`typhaReplicas: ${typhaReplicas} need as many hosts`] : []),
  ],
  run: installCalico,
});

export { calicoVars } from './vars.ts';
