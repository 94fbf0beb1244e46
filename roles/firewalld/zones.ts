import { type AnyResource, command, lines, type Script, sh } from '../../lib/index.ts';

/**
 * The service `konverge` is in the default zone and the subnets are sources of `trusted`, both kept and in force. The
 * default zone is the operator's choice; what else is open in it stays so. Pods send from addresses of no interface's zone:
 * without the second, firewalld rejects what it forwards for them.
 */
export function zones(subnets: readonly string[]): AnyResource {
  return command('firewalld lets the cluster through', {
    unless: lines(defaultZone, kept(subnets), inForce(subnets)),
    run: lines(defaultZone, add(subnets)),
    changes: [
      { path: 'default zone', to: 'service konverge' },
      ...subnets.map((subnet) => ({ path: 'zone trusted', to: `source ${subnet}` })),
    ],
  });
}

const defaultZone = sh`
zone=$(sed -n 's/^DefaultZone=[[:space:]]*//p' /etc/firewalld/firewalld.conf 2>/dev/null)
[ "$zone" ] || zone=public`;

// Each call of firewall-cmd starts a Python: what is kept is read from its files instead, firewalld.zone(5).
const kept = (subnets: readonly string[]): Script =>
  lines(
    sh`grep -qs '<service name="konverge"/>' "/etc/firewalld/zones/$zone.xml" || exit 1`,
    ...subnets.map((each) => sh`grep -qs ${`<source address="${each}"/>`} /etc/firewalld/zones/trusted.xml || exit 1`),
  );

/** `public (active)`, then lines such as `  services: ssh konverge`, up to an empty line. */
const inForce = (subnets: readonly string[]): Script =>
  lines(
    sh`
all=$(firewall-cmd --list-all-zones) || exit 1
line() { printf '%s\n' "$all" | sed -n "/^$1\( (.*)\)\{0,1\}$/,/^$/s/^ *$2: *\(.*\)/ \1 /p"; }
case $(line "$zone" services) in *' konverge '*) ;; *) exit 1 ;; esac
trusted=$(line trusted sources)`,
    ...subnets.map((each) => sh`case " $trusted " in *${` ${each} `}*) ;; *) exit 1 ;; esac`),
  );

const add = (subnets: readonly string[]): Script =>
  lines(
    sh`
firewall-cmd --quiet --permanent --zone="$zone" --add-service=konverge || exit
firewall-cmd --quiet --zone="$zone" --add-service=konverge || exit`,
    ...subnets.map(
      (each) => sh`
firewall-cmd --quiet --permanent --zone=trusted --add-source=${each} || exit
firewall-cmd --quiet --zone=trusted --change-source=${each} || exit`,
    ),
  );
