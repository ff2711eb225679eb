// The tables of the page are those that kubectl printed in the story, cell by cell.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { shortAge } from '../src/age.ts';
import { Run } from '../src/run.ts';
import type { Table } from '../src/table.ts';
import { whyOf } from '../src/why.ts';
import { cellsOf, dataOf, pageOf, root } from './support.ts';

const tables: Record<string, string> = {
  pods: ' pods',
  sts: ' statefulsets',
  pvc: ' pvc',
  pv: ' pv',
  controllerrevisions: ' controllerrevisions',
  services: ' services',
  nodes: ' nodes',
};

function printed(table: Table, moment: number, instant: number, wide: boolean): string[][] {
  const columns = table.columns.map((column, i) => ({ ...column, i })).filter((c) => wide || !c.wide);
  const rows = table.rowsAt(moment).map((row) => [
    table.names[row]!,
    ...columns.map(({ i }) => table.cell(row, i, moment, instant)),
  ]);
  return [['NAME', ...columns.map((column) => column.header)], ...rows];
}

/** Compares all that a story's `kubectl get` printed; gives how many times. */
function compare(scenario: string): number {
  const run = new Run(dataOf(pageOf(scenario)));
  let compared = 0;
  for (const step of run.steps) {
    const asked = /^kubectl get (\S+)( -o wide)?$/.exec(step.prompt);
    const end = tables[asked?.[1] ?? ''];
    if (!asked || !end || step.exit !== 0) continue;
    const table = run.tables.find(({ command }) => command.endsWith(end))!;
    const instant = run.moments[step.at]!;
    const found = printed(table, run.momentAt(instant), instant, asked[2] !== undefined);
    if (step.err?.startsWith('No resources found')) {
      assert.deepEqual(found.slice(1), [], step.prompt);
    } else {
      assert.deepEqual(found, cellsOf(step.out ?? ''), `${scenario}: ${step.prompt}`);
    }
    ++compared;
  }
  return compared;
}

test('every table that kubectl printed is the table of the page at that instant', () => {
  const scenario = join(root, 'sim/report/web/test/tables.yaml');
  assert.equal(compare(scenario), 21);
  // What is hard to get right was among them.
  const all = dataOf(pageOf(scenario)).steps.map(({ out }) => out ?? '').join('');
  for (const hard of [/CrashLoopBackOff +\d+ \(\d+s ago\)/, /ContainerCreating/, /Released/, /9h/]) {
    assert.match(all, hard);
  }
});

test('so it is in the tutorial', () => {
  const stories = ['walkthrough', '1-volumes-and-set', '5-scaling', '6-canary-by-patch', '8-deletion'];
  const counts = stories.map((name) => compare(join(root, `scenarios/tutorial/${name}.yaml`)));
  assert.ok(counts.reduce((a, b) => a + b) > 5, String(counts));
});

test('ages are in kubectl’s short form', () => {
  const ages: [number, string][] = [
    [-2, '<invalid>'], [-1, '0s'], [0, '0s'], [119, '119s'], [120, '2m'], [125, '2m5s'],
    [599, '9m59s'], [600, '10m'], [10_799, '179m'], [10_800, '3h'], [11_460, '3h11m'],
    [28_800, '8h'], [172_799, '47h'], [172_800, '2d'], [176_400, '2d1h'], [691_200, '8d'],
    [63_071_999, '729d'], [63_072_000, '2y'], [252_288_000, '8y'],
  ];
  for (const [seconds, text] of ages) assert.equal(shortAge(seconds), text);
});

test('of a pod that nobody has got to it is said so, at every moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stsim-why-'));
  const live = join(folder, 'live.yaml');
  writeFileSync(
    live,
    `apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: default, uid: 0f0e0d0c-0b0a-4908-8706-050403020100}
spec: {schedulerName: another, containers: [{name: c, image: "c:v1"}]}
status: {phase: Pending}
`,
  );
  const scenario = join(folder, 'taken-over.yaml');
  writeFileSync(
    scenario,
    'scenario: taken-over\ncluster: {objects: live.yaml}\nsteps:\n- advance: 30s\n- kubectl: get pods\n',
  );
  const run = new Run(dataOf(pageOf(scenario)));
  assert.equal(run.pods.length, 1);
  for (const [moment, instant] of run.moments.entries()) {
    assert.ok(whyOf(run, 0, instant, moment).length > 0);
  }
});
