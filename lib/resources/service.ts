import { badInput } from '../errors.ts';
import type { AnyResource, Change, Resource } from './contract.ts';
import { applyService } from './service-apply.ts';
import { basesOf, owed } from './service-owed.ts';
import { type ServiceState, serviceProbe } from './service-state.ts';

export interface ServiceWish {
  /** started at boot; a unit that cannot be enabled (static, generated) counts as enabled */
  readonly enabled?: boolean;
  /** `any` (the default): left as it is, but what runs is still restarted when that is owed */
  readonly running?: boolean | 'any';
  readonly masked?: boolean;
  /** the running process must have been started with these; each needs `evidence` */
  readonly restartOn?: readonly AnyResource[];
  /** the same, where a reload is enough */
  readonly reloadOn?: readonly AnyResource[];
}

/**
 * Afterwards the unit is as said, stays up after its start, and runs with what `restartOn` stands for.
 *
 * Whether a restart is owed is read from the host, so an interrupted run loses nothing: a note says with which digest
 * konverge started this very invocation; without a valid note the file times and this run's changes decide.
 * @throws BadInput on a wish that contradicts itself or on a `restartOn` without evidence
 */
export function service(unit: string, wish: ServiceWish): Resource<ServiceState> {
  checkWish(unit, wish);
  const restart = basesOf(unit, wish.restartOn);
  const reload = basesOf(unit, wish.reloadOn);
  const hasBases = restart.all.length + reload.all.length > 0;
  const digests = hasBases ? { restart: restart.digest, reload: reload.digest } : undefined;
  return {
    kind: 'service',
    id: unit,
    probe: serviceProbe(unit, [...restart.paths, ...reload.paths]),
    diff: (state, seen) => [
      ...masking(state, wish),
      ...enabling(state, wish),
      ...running(state, wish),
      // What is not up reads everything anew when it starts, whoever starts it.
      ...(isUp(state) && wish.running !== false ? owed(state, restart, reload, seen) : []),
    ],
    apply: (host, changes, state) =>
      applyService(host, { unit, changes, state, digests, mustStayUp: wish.running === true }),
  };
}

function checkWish(unit: string, wish: ServiceWish): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9:_.@\\-]*$/.test(unit)) throw badInput(`not the name of a systemd unit: ${unit}`);
  if (wish.masked === true && (wish.enabled === true || wish.running === true)) {
    throw badInput(`service ${unit}: a masked unit can be neither enabled nor running`);
  }
}

const isMasked = (state: ServiceState): boolean => state.load === 'masked' || state.file.startsWith('masked');
const isUp = (state: ServiceState): boolean => state.active === 'active' || state.active === 'reloading';

function masking(state: ServiceState, wish: ServiceWish): readonly Change[] {
  const wanted = wish.masked ?? (wish.enabled === true || wish.running === true ? false : isMasked(state));
  if (wanted === isMasked(state)) return [];
  return [{ path: 'masked', from: isMasked(state) ? 'yes' : 'no', to: wanted ? 'yes' : 'no' }];
}

// `indirect` and `alias` stay so whatever is enabled; asking again at each run would never end.
const startsAtBoot: ReadonlySet<string> = new Set(['enabled', 'static', 'indirect', 'alias', 'generated', 'transient']);
const canBeDisabled: ReadonlySet<string> = new Set(['enabled', 'enabled-runtime', 'linked', 'linked-runtime']);

function enabling(state: ServiceState, wish: ServiceWish): readonly Change[] {
  if (wish.enabled === undefined) return [];
  const asWished = wish.enabled ? startsAtBoot.has(state.file) : !canBeDisabled.has(state.file);
  if (asWished) return [];
  return [{ path: 'enabled', from: state.file || 'no such unit', to: wish.enabled ? 'enabled' : 'disabled' }];
}

function running(state: ServiceState, { running: wish = 'any' }: ServiceWish): readonly Change[] {
  if (wish === 'any') return [];
  const down = state.active === 'inactive' || state.active === 'failed';
  if (wish ? isUp(state) : down) return [];
  return [{ path: 'running', from: describeActive(state), to: wish ? 'active' : 'inactive' }];
}

const describeActive = ({ load, active, sub }: ServiceState): string => {
  if (load === 'not-found') return 'no such unit';
  return active === 'activating' || active === 'deactivating' ? `${active} (${sub})` : active;
};
