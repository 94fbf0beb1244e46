/** sha256 by CPU architecture, or one for files that are the same everywhere. */
export type Checksum = string | { readonly amd64?: string | undefined; readonly arm64?: string | undefined };

/** What this release knows. Vars add to it and win over it: `checksums: { containerd-1.7.20: { amd64: … } }`. */
export const knownChecksums: Readonly<Record<string, Checksum>> = {
  'containerd-1.6.33': {
    amd64: 'a0c7daa50386dc3ca19cbeb83d6987d43bdd92c0bb0429d08be7f9be4f9c307a',
    arm64: '432cf17fbc01ba4fc59b949210baa96865185b8eb3b3292eb7a00e2f6bde9fe9',
  },
  'runc-1.1.12': {
    amd64: 'aadeef400b8f05645768c1476d1023f7875b78f52c7ff1967a6dbce236b8cbd8',
    arm64: '879f910a05c95c10c64ad8eb7d5e3aa8e4b30e65587b3d68e009a3565aed5bb8',
  },
  'cni-plugins-1.4.0': {
    amd64: 'c2485ddb3ffc176578ae30ae58137f0b88e50f7c7f2af7d53a569276b2949a33',
    arm64: '304d4389d5b732b7a73513d002c4895f731d030682d40653f411e10e39114194',
  },
  'nerdctl-1.4.0': {
    amd64: 'd8dcd4e270ae76ab294be3a451a2d8299010e69dce6ae559bc3193535610e4cc',
    arm64: '0edb064a7d68d0425152ed59472ce7566700b4e547afb300481498d4c7fc6cf1',
  },
  'crictl-1.29.0': {
    amd64: 'd16a1ffb3938f5a19d5c8f45d363bd091ef89c0bc4d44ad16b933eede32fdcbb',
    arm64: '0b615cfa00c331fb9c4524f3d4058a61cc487b33a3436d1269e7832cf283f925',
  },
  'etcd-3.5.12': {
    amd64: 'f2ff0cb43ce119f55a85012255609b61c64263baea83aa7c8e6846c0938adca5',
    arm64: '31f30c01918771ece28d6e553e0f33be9483ced989896ecf6bbe1edb07786141',
  },
  'calico-3.28.0': '93e7f39c3f93f9dc67ee2386aa7240d8d13ff62e54535a2f5f6432e8c6c0f24f',
  'calico-typha-3.28.0': '847fe66a4e87d1c03f630c6f9b3f6cf82a8ef3bc1d74925a96a3cebdff58efe4',
};
