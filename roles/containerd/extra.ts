/** Tables that the role's own part of config.toml holds already, in both layouts, without blanks. */
const taken = [
  '[plugins."io.containerd.grpc.v1.cri"]',
  '[plugins."io.containerd.grpc.v1.cri".registry]',
  '[plugins."io.containerd.grpc.v1.cri".containerd]',
  '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]',
  '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]',
  '[plugins."io.containerd.cri.v1.images".pinned_images]',
  '[plugins."io.containerd.cri.v1.images".registry]',
  '[plugins."io.containerd.cri.v1.runtime"]',
  '[plugins."io.containerd.cri.v1.runtime".containerd]',
  '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]',
  '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]',
];

/**
 * What is wrong with TOML that is to stand at the end of config.toml. There a key without a table of its own would belong to
 * the registries' table, where containerd ignores it without a word, and a table that occurs twice keeps it from starting.
 */
export function problemsOfExtra(extra: string): readonly string[] {
  const rows = extra
    .split('\n')
    .map((row) => row.replace(/\s+#.*$/, '').trim())
    .filter((row) => row !== '' && !row.startsWith('#'));
  const headers = rows
    .filter((row) => /^\[[^[]/.test(row))
    .map((row) => row.replaceAll(/\s/g, '').replaceAll("'", '"'));
  const twice = headers.filter((header, i) => taken.includes(header) || headers.indexOf(header) < i);
  const [first] = rows;
  return [
    ...(rows.some((row) => /^disabled_plugins\s*=/.test(row))
      ? ['extra turns plugins off: the kubelet needs the CRI plugin, and the others do no harm']
      : []),
    ...(first !== undefined && !first.startsWith('[')
      ? [`extra must begin with a [table]: '${first}' would belong to the table before it, and have no effect`]
      : []),
    ...twice.map((header) => `extra holds ${header}, which config.toml has already: TOML allows a table once`),
  ];
}
