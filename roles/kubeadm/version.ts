/** A Kubernetes version without the leading `v`: `1.29.6`. */
export const versionPattern = /^\d+\.\d+\.\d+$/;

/** Whether `version` is at least `major.minor`. @throws TypeError when it is not `x.y.z` */
export function atLeast(version: string, wished: `${number}.${number}`): boolean {
  if (!versionPattern.test(version)) throw new TypeError(`not a Kubernetes version: ${version}`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wishedMajor = 0, wishedMinor = 0] = wished.split('.').map(Number);
  return major === wishedMajor ? minor >= wishedMinor : major > wishedMajor;
}
