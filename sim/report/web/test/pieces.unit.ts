// The parts of the page that decide something by themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countUpTo, Grouped, summed } from '../src/columns.ts';
import { Axis } from '../src/fold.ts';
import { fromHash, toHash } from '../src/link.ts';
import { inShort, sinceStart, tick, tickStep } from '../src/time.ts';
import { boundary, isHeld } from '../src/why.ts';

test('columns of differences are summed, and searched', () => {
  const at = summed([0, 2, 0, 5]);
  assert.deepEqual([...at], [0, 2, 2, 7]);
  assert.deepEqual([-1, 0, 2, 6, 7].map((value) => countUpTo(at, value)), [0, 1, 3, 3, 4]);
});

test('of what belongs to one owner the last up to a moment is found', () => {
  const by = new Grouped([1, 0, 1, -1, 1], 3);
  const at = [0, 1, 2, 3, 4];
  assert.deepEqual([...by.entries], [1, 0, 2, 4]);
  assert.equal(by.lastUpTo(1, at, 3), 2);
  assert.equal(by.lastUpTo(1, at, 4), 4);
  assert.equal(by.lastUpTo(0, at, 0), -1);
  assert.equal(by.lastUpTo(2, at, 9), -1);
});

test('quiet times are folded, and every instant is found again where it stands', () => {
  const instants = [0, 1e6, 2e6, 3602e6, 3603e6];
  const axis = new Axis(instants, true);
  assert.deepEqual(axis.folds, [{ begin: 2e6, end: 3602e6 }]);
  assert.ok(axis.length < 30e6, String(axis.length));
  for (const instant of [...instants, 1.5e6, 1000e6, 3602.5e6]) {
    assert.ok(Math.abs(axis.instant(axis.position(instant)) - instant) < 1, String(instant));
  }
  assert.equal(new Axis(instants, false).length, 3603e6);
  // Of a longer quiet more is shown.
  assert.ok(new Axis([0, 7200e6], true).length > new Axis([0, 3600e6], true).length);
});

test('a link leads to its instant and pod, and nothing else is taken for one', () => {
  for (const instant of [0, 17_008_000, 1, 3_600_000_000]) {
    for (const pod of [null, 'web-3', 'other/web-3']) {
      assert.deepEqual(fromHash(toHash({ instant, pod })), { instant, pod });
    }
  }
  assert.equal(toHash({ instant: 17_008_000, pod: null }), '#t=17.008');
  assert.equal(fromHash(''), null);
  assert.equal(fromHash('#t=soon'), null);
});

test('instants are said as people read them', () => {
  assert.equal(sinceStart(17_008_900), '17.008 s');
  assert.equal(sinceStart(123_004_000), '2 m 03.004 s');
  assert.equal(sinceStart(3_723_000_000), '1 h 02 m 03.000 s');
  assert.equal(inShort(3_540e6), '59 m');
  assert.equal(inShort(3_600e6), '1 h');
  assert.equal(inShort(7_500e6), '2 h 5 m');
  assert.equal(tickStep(3e6), 5e6);
  assert.deepEqual([0, 5e6, 90e6, 7200e6].map((t) => tick(t, 5e6)), ['0s', '5s', '1m30s', '2h']);
});

test('a partition holds back what is below it and outdated', () => {
  const shape = {
    at: 0, there: true, replicas: 7, first: 2, partition: 5, parallel: false,
    strategy: 'RollingUpdate', current: 0, update: 1,
  };
  assert.equal(boundary(shape), 7);
  assert.equal(isHeld(shape, 6, 0), true);
  assert.equal(isHeld(shape, 7, 0), false);
  assert.equal(isHeld(shape, 6, 1), false);
  assert.equal(isHeld({ ...shape, strategy: 'OnDelete' }, 6, 0), false);
  assert.equal(isHeld(shape, 9, 0), false);
});
