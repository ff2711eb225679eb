// Who is bound to what: pods, the claims that they mount, and the volumes that these are bound to,
// as a picture in rows. The same cells as in kubectl's tables; a table itself, so that it can be
// read aloud.

import { useMemo, useRef } from 'preact/hooks';
import { usePanel } from './hooks.ts';
import { nameOf, type Player } from './player.ts';
import { useWindow } from './rows.tsx';
import type { Run } from './run.ts';
import type { Table } from './table.ts';

const kRow = 34;

interface Bond {
  pods: string[];
  podThere: boolean;
  chosen: boolean;
  claim: string;
  claimStatus: string;
  volume: string;
  volumeStatus: string;
  where: string;
}

/** The names of the pods that mount a claim, by namespace and claim. */
function mountsOf(run: Run): Map<string, number[]> {
  const out = new Map<string, number[]>();
  for (const pod of run.pods) {
    for (const claim of pod.claims) {
      const key = `${pod.namespace}/${claim}`;
      out.set(key, [...(out.get(key) ?? []), pod.index]);
    }
  }
  return out;
}

/** The rows of a table by name, numbers by value. */
function naturalOrder(table: Table): number[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return table.names.map((_, row) => row).sort((a, b) => compare(table.names[a]!, table.names[b]!));
}

/** What does not change over a run. */
interface Known {
  mounts: Map<string, number[]>;
  claims: Table;
  claimOrder: number[];
  volumes: Table;
  volumeOrder: number[];
}

function knownOf(run: Run): Known {
  const claims = run.tables.find((table) => table.command.endsWith(' pvc'))!;
  const volumes = run.tables.find((table) => table.command.endsWith(' pv'))!;
  return {
    mounts: mountsOf(run),
    claims,
    claimOrder: naturalOrder(claims),
    volumes,
    volumeOrder: naturalOrder(volumes),
  };
}

function bondsAt(player: Player, known: Known): Bond[] {
  const { run, moment, instant } = player;
  const { mounts, claims, claimOrder, volumes, volumeOrder } = known;
  const volumeRows = new Map(
    volumeOrder
      .filter((row) => volumes.there(row, moment))
      .map((row) => [volumes.names[row]!, row]),
  );
  const volumeStatus = volumes.column('STATUS');
  const [status, bound] = [claims.column('STATUS'), claims.column('VOLUME')];
  const taken = new Set<string>();
  const out: Bond[] = [];
  for (const row of claimOrder) {
    if (!claims.there(row, moment)) continue;
    const [ns, name] = [claims.namespaces[row]!, claims.names[row]!];
    const pods = (mounts.get(`${ns}/${name}`) ?? []).map((pod) => run.pods[pod]!);
    const there = pods.filter((pod) => run.spanAt(pod.index, instant) >= 0);
    const volume = claims.cell(row, bound, moment, instant);
    const volumeRow = volumeRows.get(volume);
    taken.add(volume);
    out.push({
      pods: (there.length > 0 ? there : pods).map(nameOf),
      podThere: there.length > 0,
      chosen: pods.some((pod) => pod.index === player.pod),
      claim: ns === 'default' ? name : `${ns}/${name}`,
      claimStatus: claims.cell(row, status, moment, instant),
      volume,
      volumeStatus: volumeRow === undefined
        ? volume === '' ? '' : 'gone'
        : volumes.cell(volumeRow, volumeStatus, moment, instant),
      where: run.volumes.get(volume) ?? '',
    });
  }
  const rest: Bond[] = [];
  for (const [name, row] of volumeRows) {
    if (taken.has(name)) continue;
    const claim = volumes.cell(row, volumes.column('CLAIM'), moment, instant);
    rest.push({
      pods: [],
      podThere: false,
      chosen: false,
      claim: claim.replace(/^default\//, ''),
      claimStatus: claim === '' ? '' : 'gone',
      volume: name,
      volumeStatus: volumes.cell(row, volumeStatus, moment, instant),
      where: run.volumes.get(name) ?? '',
    });
  }
  return [...out, ...rest];
}

export function Storage() {
  const panel = useRef<HTMLDivElement>(null);
  const player = usePanel(panel);
  const known = useMemo(() => knownOf(player.run), [player.run]);
  const { moment, pod } = player;
  const bonds = useMemo(() => bondsAt(player, known), [player, known, moment, pod]);
  const box = useRef<HTMLDivElement>(null);
  const { first, last } = useWindow(box, bonds.length, kRow, kRow);
  return (
    <div class="card storage" ref={panel}>
      <h3>Who is bound to what</h3>
      <div class="rows" ref={box} tabIndex={0} role="region" aria-label="Pods, claims and volumes" style={{ maxHeight: `${kRow * 10.5}px` }}>
        {bonds.length === 0 ? (
          <p class="empty">No claims and no volumes.</p>
        ) : (
          <table aria-rowcount={bonds.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                <th scope="col">pod</th>
                <th scope="col" class="bond"><span class="unseen">mounts</span></th>
                <th scope="col">claim</th>
                <th scope="col" class="bond"><span class="unseen">bound</span></th>
                <th scope="col">volume</th>
              </tr>
            </thead>
            <tbody>
              {first > 0 && <tr aria-hidden="true" style={{ height: `${first * kRow}px` }} />}
              {bonds.slice(first, last).map((bond, i) => (
                <tr key={`${bond.claim} ${bond.volume}`} aria-rowindex={first + i + 2} class={bond.chosen ? 'chosen' : ''}>
                  <td>
                    {bond.pods.length > 0 && (
                      <span class={`chip ${bond.podThere ? '' : 'ghost'}`}>
                        {bond.pods[0]}
                        {bond.pods.length > 1 ? ` +${bond.pods.length - 1}` : ''}
                        {bond.podThere ? '' : <i> not there</i>}
                      </span>
                    )}
                  </td>
                  <td class="bond">
                    {bond.pods.length > 0 && <Line kind={bond.podThere ? 'firm' : 'loose'} words={bond.podThere ? 'mounts' : 'would mount'} />}
                  </td>
                  <td>
                    {bond.claim !== '' && <Chip name={bond.claim} status={bond.claimStatus} />}
                  </td>
                  <td class="bond">
                    {bond.claim !== '' && (
                      <Line
                        kind={bond.claimStatus === 'gone' ? 'cut' : bond.volume === '' ? 'loose' : 'firm'}
                        words={
                          bond.claimStatus === 'gone' ? 'was bound to'
                          : bond.volume === '' ? 'is not bound' : 'is bound to'
                        }
                      />
                    )}
                  </td>
                  <td>
                    {bond.volume !== '' && <Chip name={bond.volume} status={bond.volumeStatus} where={bond.where} />}
                  </td>
                </tr>
              ))}
              {last < bonds.length && (
                <tr aria-hidden="true" style={{ height: `${(bonds.length - last) * kRow}px` }} />
              )}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

function Chip({ name, status, where = '' }: { name: string; status: string; where?: string }) {
  return (
    <span class={`chip ${status === 'gone' ? 'ghost' : ''} ${status.toLowerCase()}`} title={where}>
      {name} <i>{status}</i>
      {where !== '' && <small> {where}</small>}
    </span>
  );
}

function Line({ kind, words }: { kind: 'firm' | 'loose' | 'cut'; words: string }) {
  return (
    <span class={`line ${kind}`}>
      <span class="unseen">{words}</span>
      {kind === 'cut' && <b aria-hidden="true">×</b>}
    </span>
  );
}
