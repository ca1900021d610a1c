import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '../../support/browser.ts';
import { isBuilt, type ServedApp, serveApp } from '../../support/served-app.ts';
import { assemble } from '../../support/wat.ts';
import { launchBrowser, openWindowPage, type WindowPage } from '../../support/window-page.ts';
import { goTo } from './places.ts';

const CLOCK = `(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 0)))))`;
const SPIN = '(module (func (export "spin") (loop (br 0))))';
const DIVIDE = '(module (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))';

const outcomeOf = (page: Page) => page.getByRole('region', { name: 'Outcome' });

async function startForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run…' }).first().click();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
}

const pressRun = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click();

describe.skipIf(!isBuilt || findBrowser() === undefined)('stories in the served window', () => {
  let browser: Browser;
  let app: ServedApp;
  let shown: WindowPage;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    app = await serveApp();
    shown = await openWindowPage(browser, app);
    await shown.page.getByRole('heading', { name: 'Drop a .wasm file' }).waitFor();
  });
  afterEach(async () => {
    const { faults } = shown;
    await shown.close();
    await app.remove();
    expect(faults).toEqual([]);
  });
  afterAll(() => browser?.close());

  test('a denied import is allowed for one run, and denied again in the next', async () => {
    const { page } = shown;
    await shown.drop('clock.wasm', assemble(CLOCK));
    await page.getByText('Default does not grant clock').waitFor();
    await startForm(page);
    await pressRun(page);
    await outcomeOf(page).getByText('Denied.').waitFor();
    await outcomeOf(page).getByRole('button', { name: 'Rerun allowing clock once' }).click();
    await outcomeOf(page).getByText('Exited 0.').waitFor();
    await goTo(page, '#/modules');
    await page.getByRole('row', { name: /clock\.wasm/ }).click();
    await startForm(page);
    await pressRun(page);
    await outcomeOf(page).getByText('Denied.').waitFor();
  });

  test('a run is paused, goes on, and is cancelled', async () => {
    const { page } = shown;
    await shown.drop('spin.wasm', assemble(SPIN));
    await startForm(page);
    await pressRun(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await outcomeOf(page).getByText('Stopped.').waitFor();
    expect(await outcomeOf(page).innerText()).toMatch(/metering check|terminated|killed/);
  });

  test('a changed limit ends the next run, and undo takes the change back', async () => {
    const { page } = shown;
    await shown.drop('spin.wasm', assemble(SPIN));
    await page.getByRole('heading', { name: 'spin.wasm' }).waitFor();
    await goTo(page, '#/limits?tab=modules');
    const field = page.getByRole('textbox', { name: 'Time of this module' });
    await field.fill('50 ms');
    await field.press('Enter');
    await page.getByText('50 ms this module').waitFor();
    await goTo(page, '#/modules');
    await page.getByRole('row', { name: /spin\.wasm/ }).click();
    await startForm(page);
    await pressRun(page);
    await outcomeOf(page).getByText('Timed out.').waitFor();
    expect(await outcomeOf(page).innerText()).toContain('50 ms');
    await page.getByRole('button', { name: 'Undo' }).click();
    await goTo(page, '#/limits?tab=modules');
    await page.getByText('10 s policy').waitFor();
  });

  test('a trap names its function and leads to its bytes', async () => {
    const { page } = shown;
    await shown.drop('divide.wasm', assemble(DIVIDE));
    await startForm(page);
    await page.getByRole('textbox', { name: 'Argument 0, i32' }).fill('1');
    await pressRun(page);
    await outcomeOf(page).getByText('Trapped.').waitFor();
    await page.getByRole('tab', { name: 'Trap' }).waitFor();
    await page.getByRole('tabpanel').getByRole('link').first().click();
    await page.getByRole('grid', { name: 'Bytes' }).waitFor();
    await page.getByText(/^at$/).waitFor();
  });

  test('the log is verified, an entry is proved, and an export is saved', async () => {
    const { page } = shown;
    await shown.drop('divide.wasm', assemble(DIVIDE));
    await page.getByRole('heading', { name: 'divide.wasm' }).waitFor();
    await goTo(page, '#/audit');
    await page.getByRole('button', { name: 'Sign' }).click();
    await page.getByText('Checkpoint signed').waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('heading', { name: 'Intact' }).waitFor();
    await page.getByRole('row', { name: /module\.loaded/ }).click({ position: { x: 40, y: 14 } });
    await page.getByRole('button', { name: 'Prove inclusion…' }).click();
    await page.getByText('The same: the entry is in the log').waitFor();
    expect(await page.getByRole('img', { name: 'does not hold' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Export…' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    expect((await download).suggestedFilename()).toBe('glovebox-log-all.ndjson');
  });

  test('a module is run from the keyboard alone', async () => {
    const { page } = shown;
    await shown.drop('divide.wasm', assemble(DIVIDE));
    await page.getByRole('heading', { name: 'divide.wasm' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('run divide');
    await page.keyboard.press('Enter');
    const first = page.getByRole('textbox', { name: 'Argument 0, i32' });
    await first.waitFor();
    while (!(await first.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('42');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('-6');
    await page.keyboard.press('Control+Enter');
    await outcomeOf(page).getByText('-7').waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await first.waitFor();
  });

  test('when the server is gone the window says so and keeps what it shows', async () => {
    const { page } = shown;
    await shown.drop('divide.wasm', assemble(DIVIDE));
    await page.getByRole('heading', { name: 'divide.wasm' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Forget module' }).click();
    await page.getByText('The hypervisor does not answer').waitFor();
    expect(await page.getByRole('heading', { name: 'divide.wasm' }).count()).toBe(1);
    await page.context().setOffline(false);
    await page.getByText('The hypervisor does not answer').waitFor({ state: 'detached' });
  });
});
