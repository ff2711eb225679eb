// The page in a real browser: it plays, steps, shows what is true at an instant, can be used by
// keyboard, has no errors, and nothing that axe-core finds.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { AxeResults } from 'axe-core';
import { writeBig } from './big.ts';
import { cellsOf, dataOf, pageOf, root } from './support.ts';

const canary = join(root, 'scenarios/tutorial/6-canary-by-patch.yaml');
const stuck = join(root, 'scenarios/museum/r01-bad-image.yaml');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
});
after(() => browser.close());

interface Opened {
  page: Page;
  /** What the page complained of, and what it asked the network for. */
  complaints: string[];
}

async function open(
  path: string,
  options: { hash?: string; width?: number; scheme?: 'light' | 'dark'; still?: boolean } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.scheme ?? 'light',
    reducedMotion: options.still ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href + (options.hash ?? ''));
  await page.waitForSelector('.controls');
  return { page, complaints };
}

const instant = (page: Page) => page.locator('output.instant').innerText();
const secondsOf = (text: string) => {
  const [, minutes = '0', seconds = '0'] = /(?:(\d+) m )?([\d.]+) s/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

/** The cells of a table of the page, the headers first. */
const tableOf = (page: Page, command: string) =>
  page
    .getByRole('region', { name: command, exact: true })
    .locator('table')
    .evaluate((table: HTMLTableElement) =>
      [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
    );

async function done({ page, complaints }: Opened): Promise<void> {
  assert.deepEqual(complaints, []);
  await page.context().close();
}

test('it plays to the end, pauses, and begins again', async () => {
  const opened = await open(pageOf(canary));
  const { page } = opened;
  const first = secondsOf(await instant(page));
  await page.getByLabel('Speed').selectOption('10');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(600);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const paused = secondsOf(await instant(page));
  assert.ok(paused > first + 1, `${first} to ${paused}`);
  await page.waitForTimeout(300);
  assert.equal(secondsOf(await instant(page)), paused);
  await page.getByLabel('Speed').selectOption('300');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await page.waitForFunction(() => {
    const text = document.querySelector('output.instant')?.textContent ?? '';
    const [now, end] = text.split(' of ');
    return now === end;
  });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await done(opened);
});

test('it steps to the next event and back, by button and by key', async () => {
  const path = pageOf(canary);
  const opened = await open(path, { hash: '#t=17.008' });
  const { page } = opened;
  const current = page.locator('.event[aria-selected="true"]');
  const there = await instant(page);
  await page.getByRole('button', { name: 'Next event' }).click();
  const next = await instant(page);
  assert.ok(secondsOf(next) > secondsOf(there));
  // The list is out of sight, and follows when all stands still.
  await current.filter({ hasText: next.split(' of ')[0]! }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Previous event' }).click();
  assert.equal(await instant(page), there);
  await current.filter({ hasText: /myapp-4: the containers/ }).waitFor({ state: 'attached' });
  const slider = page.getByRole('slider', { name: 'Instant' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await instant(page), next);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await instant(page), there);
  await page.keyboard.press('End');
  assert.ok(secondsOf(await instant(page)) > 60);
  await page.keyboard.press('PageDown');
  assert.ok(secondsOf(await instant(page)) < 60);
  await page.keyboard.press('Home');
  assert.equal(secondsOf(await instant(page)), 0);
  assert.equal(await slider.getAttribute('aria-valuetext'), '0.000 s');
  await done(opened);
});

test('who has pressed a button goes on by keys', async () => {
  const opened = await open(pageOf(canary));
  const { page } = opened;
  await page.getByRole('button', { name: 'Next event' }).click();
  const first = await instant(page);
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await instant(page), first);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await instant(page), first);
  await page.keyboard.press('End');
  const [now, end] = (await instant(page)).split(' of ');
  assert.equal(now!.trim(), end!.trim());
  await done(opened);
});

test('where it stands still is said aloud', async () => {
  const opened = await open(pageOf(canary), { hash: '#t=17.008' });
  await opened.page.waitForFunction(() =>
    /^17\.008 s: kubelet: myapp-4/.test(document.querySelector('#announcement')?.textContent ?? ''),
  );
  await done(opened);
});

test('a link leads to its instant and pod', async () => {
  const path = pageOf(canary);
  const opened = await open(path, { hash: '#t=24&pod=myapp-2' });
  const { page } = opened;
  assert.match(await instant(page), /^24\.000 s/);
  assert.match(
    await page.locator('.in-full').innerText(),
    /myapp-2[\s\S]*ordinal 2 is below the partition 4[\s\S]*SS-127/,
  );
  await page.getByRole('button', { name: 'Next event' }).click();
  const link = await page.getByRole('link', { name: 'Link' }).getAttribute('href');
  await page.waitForFunction((want) => location.hash === want, link);
  const there = await instant(page);
  await done(opened);
  const again = await open(path, { hash: link ?? '' });
  assert.equal(await instant(again.page), there);
  await again.page.evaluate(() => { location.hash = '#t=3'; });
  await again.page.waitForFunction(() =>
    document.querySelector('output.instant')?.textContent?.startsWith('3.000 s'),
  );
  await done(again);
});

test('the tables are those that kubectl printed at the instant', async () => {
  const path = pageOf(join(root, 'sim/report/web/test/tables.yaml'));
  const data = dataOf(path);
  let microseconds = 0;
  const moments = data.moments.map((after) => (microseconds += after));
  const opened = await open(path, { width: 1920 });
  const { page } = opened;
  const names: Record<string, string> = { pods: 'pods', sts: 'statefulsets', pvc: 'pvc', pv: 'pv' };
  let compared = 0;
  for (const step of data.steps) {
    const asked = /^kubectl get (pods|sts|pvc|pv)( -o wide)?$/.exec(step.prompt);
    if (!asked || step.out === undefined || step.out === '') continue;
    await page.evaluate((hash) => { location.hash = hash; }, `#t=${moments[step.at]! / 1e6}`);
    await page.getByRole('checkbox', { name: '-o wide' }).setChecked(asked[2] !== undefined);
    const command = `kubectl get ${names[asked[1]!]}${asked[2] ?? ''}`;
    await page.waitForFunction(
      (want) => document.querySelector('.link')?.getAttribute('href') === want,
      `#t=${(moments[step.at]! / 1e6).toFixed(6).replace(/\.?0+$/, '')}`,
    );
    assert.deepEqual(await tableOf(page, command), cellsOf(step.out), step.prompt);
    ++compared;
  }
  assert.ok(compared >= 14, String(compared));
  await done(opened);
});

test('pods are walked through by keyboard, and each says why it is where it is', async () => {
  const opened = await open(pageOf(stuck), { hash: '#t=1200' });
  const { page } = opened;
  const pods = page.getByRole('listbox', { name: /^Pods/ });
  await pods.focus();
  await page.keyboard.press('ArrowDown');
  assert.match(await page.locator('.in-full').innerText(), /web-2[\s\S]*web-2 is not Running and Ready/);
  assert.match(await pods.getByRole('option', { selected: true }).innerText(), /ImagePullBackOff/);
  // Of a pod that is tried again and again it is told where that began.
  assert.match(await page.locator('.chain li').last().innerText(), /kubectl set image/);
  await page.keyboard.press('End');
  assert.match(await page.locator('.in-full h3').innerText(), /web-0/);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.in-full').count(), 0);
  await done(opened);
});

test('the reasons of pods can be read whole at every width', async () => {
  for (const width of [360, 1400]) {
    const { page } = await open(await pageOf(stuck), { width, hash: '#t=40s' });
    const cut = await page.evaluate(() => {
      const box = document.querySelector('.reasons .rows')!;
      return {
        rows: box.querySelectorAll('tbody tr').length,
        sideways: box.scrollWidth - box.clientWidth,
        last: [...box.querySelectorAll('td:last-child')].every((cell) => cell.scrollWidth <= cell.clientWidth),
      };
    });
    assert.deepEqual(cut, { rows: 3, sideways: 0, last: true }, `${width} px`);
    await page.context().close();
  }
});

test('where something is stuck, it is said what helps', async () => {
  const opened = await open(pageOf(stuck), { hash: '#t=3617.9' });
  assert.match(
    await opened.page.locator('.explained').innerText(),
    /^Since [^]*\nweb is not complete[^]*SS-223[\s\S]*kubectl delete pod web-2/,
  );
  await done(opened);
});

test('who wants no motion sees it go from event to event', async () => {
  const opened = await open(pageOf(canary), { still: true });
  const { page } = opened;
  const instants = new Set(eventSeconds(pageOf(canary)));
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  for (let i = 0; i < 4; ++i) {
    await page.waitForTimeout(400);
    assert.ok(instants.has((await instant(page)).split(' s')[0]!), await instant(page));
  }
  await done(opened);
});

/** The instants of events as the page shows them. */
function eventSeconds(path: string): string[] {
  const data = dataOf(path);
  let sum = 0;
  const moments = data.moments.map((after) => (sum += after));
  let moment = 0;
  return data.events.at.map((after) => {
    moment += after;
    return (Math.floor(moments[moment]! / 1000) / 1000).toFixed(3);
  });
}

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [360, 1920]) {
    test(`axe-core finds nothing: ${scheme}, ${width} px`, async () => {
      for (const [scenario, hash] of [
        [canary, '#t=24&pod=myapp-2'],
        [stuck, '#t=1200&pod=web-2'],
      ] as const) {
        const opened = await open(pageOf(scenario), { scheme, width, hash });
        const { page } = opened;
        await page.evaluate(axeSource);
        const results = await page.evaluate(
          async () =>
            (await (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run()),
        );
        assert.deepEqual(
          results.violations.map(({ id, nodes }) => [id, nodes.map((node) => [node.html, node.failureSummary])]),
          [],
        );
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `the page is ${wide} px wide`);
        await done(opened);
      }
    });
  }
}

test('a thousand pods and a hundred thousand events', async () => {
  const scenario = join(mkdtempSync(join(tmpdir(), 'stsim-big-')), 'thousand.yaml');
  writeBig(scenario, 1000, 7);
  const path = pageOf(scenario);
  const data = dataOf(path);
  const bytes = statSync(path).size;
  assert.ok(data.events.at.length >= 100_000, String(data.events.at.length));
  assert.equal(data.inAll, data.events.at.length);
  assert.ok(bytes <= 8e6, `${bytes} bytes`);
  const begun = performance.now();
  const opened = await open(path, { width: 1920 });
  const { page } = opened;
  await page.evaluate(() => new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame))));
  const took = performance.now() - begun;
  const meter = await page.context().newCDPSession(page);
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await meter.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
  const before = await spent();
  const frames = await page.evaluate(scrub, 240);
  const perFrame = ((await spent()) - before) * (1000 / frames.length);
  const [inTime, longest] = [frames.filter((ms) => ms <= 33.4).length, Math.max(...frames)];
  console.log(
    `# page of 1,000 pods, ${data.events.at.length} events: ${(bytes / 1e6).toFixed(2)} MB, open in ` +
      `${(took / 1000).toFixed(2)} s; ${((100 * inTime) / frames.length).toFixed(1)} % of ` +
      `${frames.length} frames within 33 ms, the longest ${longest.toFixed(0)} ms; a frame takes ` +
      `${perFrame.toFixed(1)} ms of the main thread's processor time`,
  );
  // What the clock says is for quiet machines; the processor's time is the same on a busy one.
  assert.ok(took < 20_000, `${took} ms`);
  assert.ok(perFrame < 25, `${perFrame} ms a frame`);
  await done(opened);
});

/** Moves the slider from end to end; gives what each frame took. Runs in the page. */
function scrub(count: number): Promise<number[]> {
  const slider = document.querySelector<HTMLInputElement>('input[type=range]')!;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
  const out: number[] = [];
  return new Promise((resolve) => {
    let last = performance.now();
    let n = 0;
    const frame = (): void => {
      const now = performance.now();
      if (n > 0) out.push(now - last);
      last = now;
      if (n++ === count) return resolve(out);
      set.call(slider, String(Math.round((n / count) * 10_000)));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
