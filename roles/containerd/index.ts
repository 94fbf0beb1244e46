import { archive, type Context, defineRole, file, gate, service, sh, unit } from '../../lib/index.ts';
import { sourceFor } from '../artifact/index.ts';
import { noConflictingPackages } from '../conflicting-packages/index.ts';
import { runcPath } from '../runc/index.ts';
import { configVersion, essentials, registryFolder } from './config.ts';
import { effectiveConfig } from './effective-config.ts';
import { problemsOfExtra } from './extra.ts';
import { hostsToml, registryProblems } from './registries.ts';
import { type ContainerdVars, containerdVars } from './vars.ts';

const program = '/usr/local/bin/containerd';

/**
 * Afterwards containerd of exactly this archive runs, with a configuration that Kubernetes can work with, and answers.
 * It is restarted only when its programs, its config.toml or its unit are newer than what runs; containers go on.
 */
export const containerd = defineRole({
  name: 'containerd',
  dir: import.meta.dirname,
  vars: containerdVars,
  refuse: ({ version, extra, registries }) => [
    ...(configVersion(version) === undefined
      ? [`containerd ${version}: this role configures 1.6, 1.7 and 2.x; Kubernetes no longer supports older ones`]
      : []),
    // With config_path set, these make containerd disable its CRI plugin at start.
    ...(/\bregistry\.(mirrors|configs)\b/.test(extra)
      ? ['extra: registry.mirrors and registry.configs contradict the registries of these vars; use those']
      : []),
    ...problemsOfExtra(extra),
    ...registryProblems(registries),
  ],
  async run(context, vars) {
    const { facts, ensure, template } = context;
    const programs = archive('/usr/local/bin', {
      name: 'containerd',
      ...sourceFor(facts, 'containerd', vars.source),
      members: Object.fromEntries(
        ['containerd', 'ctr', 'containerd-shim-runc-v2'].map((name) => [`bin/${name}`, name]),
      ),
    });
    const version = configVersion(vars.version) ?? 2;
    const config = configFile(context, vars, version);
    const daemon = unit('containerd.service', {
      content: template('containerd.service.ejs', { openFiles: vars.openFiles }),
    });
    await ensure(
      noConflictingPackages(
        ['containerd', 'containerd.io', 'docker.io', 'docker-ce'],
        'it brings a containerd with a unit, a configuration and upgrades of its own',
      ),
      programs,
      ...registryFiles(context, vars),
      config,
      daemon,
      effectiveConfig(program, essentials(version, vars.sandboxImage)),
      service('containerd.service', { enabled: true, running: true, restartOn: [programs, config, daemon] }),
      criAnswers,
    );
  },
});

function configFile({ template }: Context, vars: ContainerdVars, version: 2 | 3) {
  const { sandboxImage, restrictOomScoreAdj, extra } = vars;
  const data = {
    sandboxImage,
    restrictOomScoreAdj,
    extra: extra.trimEnd(),
    registryFolder,
    runcPath,
  };
  return file('/etc/containerd/config.toml', {
    content: template(`config-v${version}.toml.ejs`, data),
    validate: (candidate) => sh`${program} --config ${candidate} config dump >/dev/null`,
    backup: true,
  });
}

const registryFiles = ({ template }: Context, { registries }: ContainerdVars) =>
  Object.entries(registries).map(([name, registry]) =>
    file(`${registryFolder}/${name}/hosts.toml`, { content: template('hosts.toml.ejs', hostsToml(name, registry)) }),
  );

const criAnswers = gate('the CRI plugin of containerd is up', {
  until: sh`
said=$(/usr/local/bin/ctr --connect-timeout 5s plugins ls) || exit
echo "$said" | grep -E '^io\.containerd\.grpc\.v1 +cri ' || echo 'no CRI plugin'
echo "$said" | grep -Eq '^io\.containerd\.grpc\.v1 +cri +.* ok *$'`,
  seconds: 60,
  mend: 'see journalctl -u containerd for what the plugin says',
});

export { containerdVars } from './vars.ts';
