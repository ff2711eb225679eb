// The tables that kubectl would print at the instant.

import { useRef } from 'preact/hooks';
import { usePanel } from './hooks.ts';
import { nameOf, type Player } from './player.ts';
import { Rows, type Cell } from './rows.tsx';
import type { Run } from './run.ts';
import type { Table } from './table.ts';

/** What is asked of all tables. */
export interface Asked {
  wide: boolean;
  allNamespaces: boolean;
}

const isNamespaced = (table: Table) => table.namespaces.some((ns) => ns !== '');

/** Whether a run has anything outside namespace default that a user put there. */
export const hasOthers = (run: Run): boolean =>
  run.tables.some((table) => table.namespaces.some((ns) => ns !== '' && ns !== 'default'));

export function KubectlTable(props: { table: Table; asked: Asked; maxRows?: number }) {
  const panel = useRef<HTMLDivElement>(null);
  const player = usePanel(panel);
  const { table, asked } = props;
  const everywhere = asked.allNamespaces && isNamespaced(table);
  const wide = asked.wide && table.columns.some((column) => column.wide);
  const command = table.command + (everywhere ? ' -A' : '') + (wide ? ' -o wide' : '');
  const { moment, instant } = player;
  const rows = table.rowsAt(moment).filter((row) => {
    const ns = table.namespaces[row];
    return everywhere || ns === '' || ns === 'default';
  });
  const columns = table.columns
    .map((column, i) => ({ ...column, i }))
    .filter((column) => wide || !column.wide);
  const isPods = table.command.endsWith(' pods');
  return (
    <div class="card" ref={panel}>
      <h3 class="command">{command}</h3>
      <Rows
        command={command}
        headers={[...(everywhere ? ['NAMESPACE'] : []), 'NAME', ...columns.map((c) => c.header)]}
        count={rows.length}
        keyOf={(row) => rows[row]!}
        cells={(row) => {
          const at = rows[row]!;
          const cells: Cell[] = everywhere ? [{ text: table.namespaces[at] ?? '' }] : [];
          cells.push({ text: table.names[at] ?? '', class: 'first' });
          for (const { i, header } of columns) {
            cells.push({
              text: table.cell(at, i, moment, instant),
              fresh: header !== 'AGE' && table.isNew(at, i, moment),
            });
          }
          return cells;
        }}
        empty={
          isNamespaced(table) || rows.length > 0 || !isCluster(table)
            ? everywhere ? 'No resources found' : 'No resources found in default namespace.'
            : 'No resources found'
        }
        maxRows={props.maxRows ?? 12}
        {...(isPods && {
          onPick: (row: number) => pick(player, table, rows[row]!),
          isChosen: (row: number) => isChosen(player, table, rows[row]!),
        })}
      />
    </div>
  );
}

const isCluster = (table: Table) => / (pv|nodes)$/.test(table.command);

const keyOf = (table: Table, row: number) =>
  table.namespaces[row] === 'default'
    ? table.names[row]
    : `${table.namespaces[row]}/${table.names[row]}`;

function pick(player: Player, table: Table, row: number): void {
  const pod = player.run.pods.findIndex((candidate) => nameOf(candidate) === keyOf(table, row));
  if (pod >= 0) player.select(pod === player.pod ? null : pod);
}

function isChosen(player: Player, table: Table, row: number): boolean {
  const pod = player.pod === null ? undefined : player.run.pods[player.pod];
  return pod !== undefined && nameOf(pod) === keyOf(table, row);
}

/** What the cluster's DNS server would answer. */
export function Names() {
  const panel = useRef<HTMLDivElement>(null);
  const player = usePanel(panel);
  const { dns } = player.run;
  const { moment, instant } = player;
  const rows = dns.rowsAt(moment);
  return (
    <div class="card" ref={panel}>
      <h3 class="command">nslookup NAME</h3>
      <Rows
        command="DNS answers"
        headers={['NAME', 'ADDRESSES']}
        count={rows.length}
        keyOf={(row) => rows[row]!}
        cells={(row) => {
          const at = rows[row]!;
          const text = dns.cell(at, 0, moment, instant);
          return [
            { text: dns.names[at] ?? '', class: 'first' },
            { text, fresh: dns.isNew(at, 0, moment), class: text === 'NXDOMAIN' ? 'dim' : '' },
          ];
        }}
        empty="No names yet."
      />
      <p class="note">The records as they are, past all caches.</p>
    </div>
  );
}
