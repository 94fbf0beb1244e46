import { asKonvergeError, reveal, type Secret, secret } from '../../lib/index.ts';
import { caCertHash, controlPlanesOf, joinConfig, viaOf } from '../kubeadm/index.ts';
import { bootstrapToken, certificateKey, certificatesUploaded, type HiddenText, joinDataRevoked } from './join-data.ts';
import { kubeadmJoin } from './join-resource.ts';
import type { Journey } from './journey.ts';

/** Mints what this one join needs on a control plane, joins, and revokes it, whether or not the join went well. */
export async function join(journey: Journey): Promise<void> {
  const { context, vars, role, side } = journey;
  const { name, address } = context.host;
  const machine = { name, address };
  if (context.check) context.note('join data (token, CA hash, certificate key) is minted at run time');
  const [minted] = await side.via.ensure(bootstrapToken(name));
  const token = minted.out;
  try {
    const key = role === 'control-plane' ? certificateKey() : undefined;
    if (key !== undefined) {
      const controlPlanes = controlPlanesOf(context.inventory, vars.controlPlaneGroup);
      const via = side.via.host;
      await side.via.ensure(certificatesUploaded({ joining: name, via, controlPlanes, settings: vars, key }));
    }
    const config = token === undefined ? undefined : configFor(journey, token, key);
    await context.ensure(kubeadmJoin(machine, role, vars, config));
  } finally {
    await revoke(journey, token);
  }
}

function configFor(
  { context, vars, side }: Journey,
  token: Secret<string>,
  key: Secret<string> | undefined,
): HiddenText {
  const { name, address } = context.host;
  const text = joinConfig({
    settings: vars,
    machine: { name, address },
    token: reveal(token),
    caCertHash: caCertHash(side.witness?.caPem ?? ''),
    ...(key === undefined ? {} : { certificateKey: reveal(key) }),
  });
  return secret({ text });
}

/** A token that stays behind dies by itself within 15 minutes, so this is no reason to fail. */
async function revoke({ context, vars, role, side }: Journey, token: Secret<string> | undefined): Promise<void> {
  const { name } = context.host;
  try {
    await side.via.ensure(joinDataRevoked(name, token, viaOf(side.via, vars), role === 'control-plane'));
  } catch (error) {
    const { message } = asKonvergeError(error);
    context.note(`the join data of ${name} could not be revoked (it expires within 15 minutes): ${message}`);
  }
}
