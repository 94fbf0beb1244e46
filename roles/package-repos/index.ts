import { type AnyResource, type Context, defineRole, file, pkg } from '../../lib/index.ts';
import { componentsOf, isEnabled, takingOver } from './taking-over.ts';
import { type PackageReposVars, packageReposVars } from './vars.ts';

/** What Kubernetes and these roles call on a host. No ipvsadm: kube-proxy works with iptables here. */
const packages = {
  debian: [
    'ca-certificates',
    'conntrack',
    'curl',
    'ebtables',
    'ethtool',
    'iproute2',
    'iptables',
    'kmod',
    'socat',
    'tar',
  ],
  rhel: ['ca-certificates', 'conntrack-tools', 'curl', 'ethtool', 'iproute-tc', 'iptables-nft', 'kmod', 'socat', 'tar'],
} as const;

/** Afterwards the host's own packages come from the mirror, where one is given, and the tools of a node are installed. */
export const packageRepos = defineRole({
  name: 'package-repos',
  dir: import.meta.dirname,
  vars: packageReposVars,
  async run(context, vars) {
    const { facts, ensure } = context;
    await ensure(...mirrored(context, vars), pkg([...packages[facts.os.family], ...vars.extra]));
  },
});

/** Whole files of our own: the article edits them in place, and its second run overwrites the only good backup. */
function mirrored({ facts, note, template }: Context, vars: PackageReposVars): readonly AnyResource[] {
  const { rocky, debian, debianSecurity } = vars;
  if (facts.os.family === 'rhel') {
    if (rocky === undefined) return [];
    if (facts.os.id !== 'rocky') {
      note(`the package mirror is for Rocky Linux; the repositories of this ${facts.os.id} are left as they are`);
      return [];
    }
    // The files that rocky-repos installs: a repository that occurs in two of them is read from the first alone.
    const [own, extras] = ['/etc/yum.repos.d/rocky.repo', '/etc/yum.repos.d/rocky-extras.repo'] as const;
    return [
      // EPEL wants CRB: who has turned it on keeps it.
      takingOver(own, [own], (before) =>
        template('rocky.repo.ejs', { rocky, crb: isEnabled(before, 'crb'), ...facts.os }),
      ),
      file(extras, { content: template('rocky-extras.repo.ejs', { rocky, ...facts.os }), backup: true }),
    ];
  }
  if (debian === undefined) return [];
  if (facts.os.id !== 'debian') {
    note(`the package mirror is for Debian; the repositories of this ${facts.os.id} are left as they are`);
    return [];
  }
  const [list, sources] = ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources'] as const;
  return [
    // Firmware and microcode are in non-free-firmware: a host that has it keeps it.
    takingOver(sources, [list, sources], (before) =>
      template('debian.sources.ejs', {
        debian,
        // Mirrors carry both archives side by side under these names.
        debianSecurity: debianSecurity ?? `${debian}-security`,
        components: componentsOf(before).join(' '),
        ...facts.os,
      }),
    ),
    file(list, { content: template('sources.list.ejs', {}), backup: true }),
  ];
}
