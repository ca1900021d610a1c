import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '../support/browser.ts';
import { chooseFile } from '../support/choose-file.ts';
import { isBuilt, type ServedApp, serveApp } from '../support/served-app.ts';
import { launchBrowser, openWindowPage, type WindowPage } from '../support/window-page.ts';

const sampleFile = (name: string) => readFile(path.resolve(import.meta.dirname, `../../out/samples/${name}.wasm`));
const PASSPHRASE = 'seven grey herons over the weir';

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

async function makeKey(page: Page, label: string): Promise<void> {
  await goTo(page, '#/keys');
  await page.getByLabel('Label of the new key').fill(label);
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: `Key ${label}` }).waitFor();
}

/** Seals a file to an own key; resolves with the sealed bytes as they were saved. */
async function seal(page: Page, label: string, name: string, content: Uint8Array | string): Promise<Uint8Array> {
  await goTo(page, '#/keys?tab=sealing');
  const form = page.getByRole('region', { name: 'Seal' });
  await chooseFile(page, form.getByRole('button', { name: 'Choose…' }), name, content);
  await form.getByRole('combobox', { name: 'Add a recipient' }).click();
  await page.getByRole('option', { name: label }).click();
  const download = page.waitForEvent('download');
  await form.getByRole('button', { name: 'Seal', exact: true }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe(`${name}.sealed`);
  return readFile(await saved.path());
}

async function findings(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    found.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${colorScheme} ${id} ${target}`)));
  }
  return found;
}

describe.skipIf(!isBuilt || findBrowser() === undefined)('keys in the served window', () => {
  let browser: Browser;
  let app: ServedApp;
  let shown: WindowPage;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    app = await serveApp();
    shown = await openWindowPage(browser, app);
    ({ page } = shown);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('navigation').waitFor();
  });
  afterEach(async () => {
    const { faults } = shown;
    await shown.close();
    await app.remove();
    expect(faults).toEqual([]);
  });
  afterAll(() => browser?.close());

  test('a key is made, retired, put back by undo, and rotated', async () => {
    await makeKey(page, 'intake');
    const detail = page.getByRole('article', { name: 'Key intake' });
    await page.getByRole('button', { name: 'Retire', exact: true }).click();
    await detail.getByText('Retired', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await detail.getByText('Active', { exact: true }).waitFor();
    const before = page.url();
    await page.getByRole('button', { name: 'Rotate', exact: true }).click();
    await page.waitForURL((url) => url.href !== before);
    const rows = page.getByRole('row', { name: /intake/ });
    // The place changes with the answer, the rows with the event that follows it.
    const states = async () => (await rows.allInnerTexts()).map((text) => text.match(/Active|Retired/)?.[0]);
    await expect.poll(states, { timeout: 10_000 }).toEqual(['Active', 'Retired']);
    expect(await findings(page)).toEqual([]);
  });

  test('destroying a key names what becomes unreadable, and wants its label typed', async () => {
    await makeKey(page, 'short-lived');
    await seal(page, 'short-lived', 'plans.txt', 'meet at noon');
    await page.getByRole('tab', { name: /Own keys/ }).click();
    await page.getByRole('row', { name: /short-lived/ }).click();
    await page.getByRole('button', { name: 'Destroy…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('plans.txt.sealed').waitFor();
    const act = dialog.getByRole('button', { name: 'Destroy' });
    await dialog.getByRole('textbox').fill('short-live');
    expect(await act.getAttribute('aria-disabled')).toBe('true');
    expect(await findings(page)).toEqual([]);
    await dialog.getByRole('textbox').fill('short-lived');
    await act.click();
    await page.getByRole('article').getByText('Destroyed', { exact: true }).first().waitFor();
  });

  test('a sealed module is opened in memory, run, and its plaintext is nowhere on the disk', async () => {
    const module = await sampleFile('fibonacci');
    await makeKey(page, 'modules');
    const sealed = await seal(page, 'modules', 'fibonacci.wasm', module);
    expect(Buffer.from(sealed).includes(module)).toBe(false);
    const form = page.getByRole('region', { name: 'Open' });
    await chooseFile(page, form.getByRole('button', { name: 'Choose…' }), 'fibonacci.wasm.sealed', sealed);
    await form.getByText('modules (yours)').waitFor();
    await form.getByRole('button', { name: 'Open in memory and inspect' }).click();
    await page.getByRole('heading', { name: 'fibonacci.wasm' }).waitFor();
    await page.getByRole('button', { name: 'Run…' }).first().click();
    await page.getByRole('textbox', { name: 'Argument 0, i32' }).fill('10');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('55').waitFor();
    const names = await readdir(app.dataFolder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const holding = await Promise.all(files.map(async (file) => ((await readFile(file)).includes(module) ? file : '')));
    expect(holding.filter((file) => file !== '')).toEqual([]);
  });

  test('a sealed file with one bit changed is refused', async () => {
    await makeKey(page, 'strict');
    const sealed = await seal(page, 'strict', 'fibonacci.wasm', await sampleFile('fibonacci'));
    sealed[sealed.length - 1]! ^= 1;
    const form = page.getByRole('region', { name: 'Open' });
    await chooseFile(page, form.getByRole('button', { name: 'Choose…' }), 'bent.sealed', sealed);
    await form.getByRole('button', { name: 'Open in memory and inspect' }).click();
    expect(await form.getByRole('alert').innerText()).toContain('vault.cannot-open');
  });

  test('a passphrase locks and unlocks, a wrong one does not, and it is in no file and not on the page', async () => {
    await goTo(page, '#/keys');
    await page.getByRole('button', { name: 'Set a passphrase…' }).click();
    await page.getByLabel('New passphrase').fill(PASSPHRASE);
    await page.getByLabel('The same again').fill(PASSPHRASE);
    await page.getByRole('dialog').getByRole('button', { name: 'Protect', exact: true }).click();
    await page.getByRole('button', { name: 'Change…' }).waitFor();
    await page.keyboard.press('Control+l');
    await page.getByRole('heading', { name: 'The keys are locked' }).waitFor();
    await page.getByLabel('Passphrase', { exact: true }).fill('not that one at all');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('vault.wrong-passphrase').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: /Own keys/ }).waitFor();
    expect(await page.content()).not.toContain(PASSPHRASE);
    const names = await readdir(app.dataFolder, { recursive: true, withFileTypes: true });
    for (const entry of names.filter((one) => one.isFile())) {
      expect((await readFile(path.join(entry.parentPath, entry.name))).includes(PASSPHRASE)).toBe(false);
    }
  });
});
