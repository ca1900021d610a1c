import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './chromium.ts';
import { startWindowServer } from './window-server.ts';

/** `node test/support/screenshots.ts FOLDER [NAME…]`: pictures of every screen and state of the built window, light and dark. */
const [folder = 'test-results/screenshots', ...names] = process.argv.slice(2);

type Shot = {
  readonly name: string;
  readonly world: 'everyday' | 'none' | 'large';
  readonly take: (page: Page) => Promise<void>;
};

const open = (page: Page, name: string) =>
  page
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .click();
const tab = (page: Page, name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

async function runFrom(page: Page, name: string, shape: (page: Page) => Promise<void> = async () => {}): Promise<void> {
  await open(page, name);
  await page.getByRole('button', { name: 'Run…' }).first().click();
  await shape(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}

const shots: Shot[] = [
  { name: 'welcome', world: 'none', take: async () => {} },
  { name: 'modules', world: 'everyday', take: async () => {} },
  { name: 'modules-large', world: 'large', take: async () => {} },
  {
    name: 'arrivals',
    world: 'everyday',
    take: async (page) => {
      const wasm = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 9, 9]);
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Open…' }).click();
      await (await chooser).setFiles([
        { name: 'good.wasm', mimeType: 'application/wasm', buffer: wasm },
        { name: 'not-wasm.wasm', mimeType: 'application/wasm', buffer: Buffer.from('hello') },
      ]);
      await page.getByText('Refused').first().waitFor();
    },
  },
  ...['Imports', 'Exports', 'Sections', 'Features', 'Hex', 'Hash', 'Compare'].map(
    (name): Shot => ({
      name: `inspector-${name.toLowerCase()}`,
      world: 'everyday',
      take: async (page) => {
        await open(page, 'plugin.wasm');
        await tab(page, name);
      },
    }),
  ),
  { name: 'inspector-long-name', world: 'everyday', take: (page) => open(page, 'a-module-with') },
  {
    name: 'run-form',
    world: 'everyday',
    take: async (page) => {
      await open(page, 'fib.wasm');
      await tab(page, 'Exports');
      await page
        .getByRole('button', { name: 'Run mix…' })
        .or(page.getByRole('row', { name: /mix/ }).getByRole('button'))
        .first()
        .click();
      await page.getByLabel('Argument 0').fill('5000000000');
    },
  },
  {
    name: 'run-form-wasi',
    world: 'everyday',
    take: async (page) => {
      await open(page, 'hello.wasm');
      await page.getByRole('button', { name: 'Run…' }).first().click();
    },
  },
  { name: 'run-finished', world: 'everyday', take: (page) => runFrom(page, 'fib.wasm') },
  { name: 'run-denied', world: 'everyday', take: (page) => runFrom(page, 'hello.wasm') },
  {
    name: 'run-exited',
    world: 'everyday',
    take: async (page) => {
      await runFrom(page, 'hello.wasm');
      await page.getByRole('button', { name: /Rerun allowing/ }).click();
      await page.getByText('hello 3').first().waitFor();
    },
  },
  {
    name: 'run-trapped',
    world: 'everyday',
    take: async (page) => {
      await open(page, 'fib.wasm');
      await tab(page, 'Exports');
      await page.getByRole('row', { name: /gcd/ }).getByRole('button').click();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByText('integer divide').first().waitFor();
    },
  },
  {
    name: 'run-live',
    world: 'everyday',
    take: async (page) => {
      await runFrom(page, 'spin.wasm');
      await page.waitForTimeout(4000);
    },
  },
  {
    name: 'runs',
    world: 'everyday',
    take: async (page) => {
      await runFrom(page, 'fib.wasm');
      await go(page, '#/modules');
      await runFrom(page, 'hello.wasm');
      await go(page, '#/runs');
    },
  },
  { name: 'limits', world: 'everyday', take: (page) => go(page, '#/limits?policy=Strict') },
  {
    name: 'limits-own',
    world: 'everyday',
    take: async (page) => {
      await go(page, '#/limits');
      await page.getByRole('button', { name: 'Duplicate Default' }).click();
      await page.getByRole('textbox', { name: 'Time' }).fill('20 ms');
    },
  },
  { name: 'limits-module', world: 'everyday', take: (page) => go(page, '#/limits?tab=modules') },
  {
    name: 'audit',
    world: 'large',
    take: async (page) => {
      await go(page, '#/audit');
      await page.getByText(/entries match/).waitFor();
    },
  },
  {
    name: 'audit-filtered',
    world: 'everyday',
    take: async (page) => {
      await go(page, '#/audit?f=outcome%3Adenied%2Ctrapped%20-actor%3Acli&seq=4711');
      await page.getByText('Leaf hash').waitFor();
    },
  },
  {
    name: 'audit-completion',
    world: 'everyday',
    take: async (page) => {
      await go(page, '#/audit');
      await page.getByLabel('Filter', { exact: true }).pressSequentially('outcome:t');
    },
  },
  {
    name: 'palette',
    world: 'everyday',
    take: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder(/Type a command/).waitFor();
    },
  },
  {
    name: 'shortcuts',
    world: 'everyday',
    take: async (page) => {
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
    },
  },
];

const worlds = {
  everyday: await startWindowServer(),
  none: await startWindowServer({ modules: 'none', entries: 1 }),
  large: await startWindowServer({ modules: 10_000, entries: 1_000_000 }),
};
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const shot of shots) {
    if (names.length > 0 && !names.includes(shot.name)) continue;
    const context = await browser.newContext({ colorScheme, viewport: { width: 1360, height: 850 } });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && console.error(shot.name, message.text()));
    page.on('pageerror', (error) => console.error(shot.name, error.message));
    page.setDefaultTimeout(6000);
    await page.goto(worlds[shot.world].url);
    await page.getByRole('navigation').waitFor();
    await shot.take(page).catch((error: unknown) => console.error(shot.name, String(error).split('\n')[0]));
    await page.waitForTimeout(350);
    await page.screenshot({ path: join(folder, `${shot.name}-${colorScheme}.png`) });
    await context.close();
  }
}
await browser.close();
for (const world of Object.values(worlds)) await world.close();
