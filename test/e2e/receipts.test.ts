import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '../support/browser.ts';
import { chooseFile } from '../support/choose-file.ts';
import { isBuilt, type ServedApp, serveApp } from '../support/served-app.ts';
import { launchBrowser, openWindowPage, type WindowPage } from '../support/window-page.ts';

/** Runs a sample from the first screen; resolves with its receipt as it was saved. */
async function runAndSaveReceipt(page: Page): Promise<string> {
  await page.getByRole('listitem').filter({ hasText: 'Fibonacci' }).getByRole('button', { name: 'Run' }).click();
  const card = page.getByRole('region', { name: 'Receipt' });
  const download = page.waitForEvent('download');
  await card.getByRole('button', { name: 'Save' }).click();
  return readFile(await (await download).path(), 'utf8');
}

async function check(page: Page, name: string, text: string) {
  await page.evaluate(() => {
    window.location.hash = '#/receipts';
  });
  await chooseFile(page, page.getByRole('main').getByRole('button', { name: 'Choose…' }), name, text);
  const article = page.getByRole('article', { name: `Verdict on ${name}` });
  await article.waitFor();
  const verdict = article.getByRole('status');
  return {
    article,
    word: (await verdict.innerText()).split('\n')[0],
    tone: await verdict.getAttribute('data-tone'),
  };
}

function forge(text: string): string {
  const file = JSON.parse(text) as { dsse: { payload: string } };
  const payload = Buffer.from(file.dsse.payload, 'base64').toString('utf8');
  expect(payload).toContain('"finished"');
  file.dsse.payload = Buffer.from(payload.replace('"finished"', '"trapped"')).toString('base64');
  return JSON.stringify(file);
}

describe.skipIf(!isBuilt || findBrowser() === undefined)('receipts in the served window', () => {
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
    await page.getByRole('navigation').waitFor();
  });
  afterEach(async () => {
    const { faults } = shown;
    await shown.close();
    await app.remove();
    expect(faults).toEqual([]);
  });
  afterAll(() => browser?.close());

  test('the receipt of a run is valid here, agrees with the run, and leads to its log entry', async () => {
    const text = await runAndSaveReceipt(page);
    const { article, word, tone } = await check(page, 'run.receipt.json', text);
    expect([word, tone]).toEqual(['Valid', 'ok']);
    await article.getByText('The same as the receipt').waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await article
      .getByRole('link', { name: /Log entry/ })
      .last()
      .click();
    await page.getByText('Leaf hash').waitFor();
  });

  test('the first steps tick themselves as they are taken, and go when dismissed', async () => {
    const steps = page.getByRole('region', { name: 'First steps' });
    const done = async () => (await steps.getByRole('listitem').allInnerTexts()).map((text) => text.includes('done'));
    await steps.waitFor();
    expect(await done()).toEqual([false, false, false]);
    await runAndSaveReceipt(page);
    await expect.poll(done).toEqual([true, false, false]);
    await steps.getByRole('link', { name: 'Verify its receipt' }).click();
    await expect.poll(done, { timeout: 20_000 }).toEqual([true, false, true]);
    await steps.getByRole('link', { name: 'Make a key' }).click();
    await page.getByLabel('Label of the new key').fill('mine');
    await page.keyboard.press('Enter');
    await expect.poll(done, { timeout: 20_000 }).toEqual([true, true, true]);
    await steps.getByRole('button', { name: 'Dismiss the first steps' }).click();
    expect(await steps.count()).toBe(0);
  });

  test('one with a changed payload is invalid, and shows none of its claims', async () => {
    const text = await runAndSaveReceipt(page);
    const { article, word, tone } = await check(page, 'forged.receipt.json', forge(text));
    expect([word, tone]).toEqual(['Invalid', 'bad']);
    expect(await article.getByRole('listitem').filter({ hasText: 'Signature' }).innerText()).toContain('Failed');
    expect(await article.getByText('Module SHA-256').count()).toBe(0);
  });

  test('what is no receipt cannot be checked, which is not green', async () => {
    const { word, tone } = await check(page, 'notes.json', '{"hello": 1}');
    expect([word, tone]).toEqual(['Cannot check', 'unchecked']);
  });

  test('a receipt of another machine is never green while its signer is not known', async () => {
    const text = await runAndSaveReceipt(page);
    const other = await serveApp();
    const elsewhere = await openWindowPage(browser, other);
    await elsewhere.page.getByRole('navigation').waitFor();
    const { word, tone } = await check(elsewhere.page, 'run.receipt.json', text);
    expect([word, tone]).toEqual(['Valid, signer unknown', 'unsure']);
    expect(elsewhere.faults).toEqual([]);
    await elsewhere.close();
    await other.remove();
  });
});

describe.skipIf(!isBuilt || findBrowser() === undefined)('settings in the served window', () => {
  test('take effect at once, are taken back by undo, and stay after a reload', async () => {
    const browser = await launchBrowser();
    const app = await serveApp();
    const { page, faults, close } = await openWindowPage(browser, app);
    await page.getByRole('navigation').waitFor();
    await page.keyboard.press('Control+Comma');
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.getByRole('button', { name: 'Dark', exact: true }).click();
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await theme()).toBeUndefined();
    await page.getByRole('button', { name: 'Dark', exact: true }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await theme()).toBe('dark');
    await page.getByLabel('Search settings').fill('lock passphrase');
    expect(await page.getByRole('button', { name: 'Dark', exact: true }).count()).toBe(0);
    await page.getByRole('combobox', { name: 'Lock by itself' }).click();
    await page.getByRole('option', { name: 'After 5 minutes' }).click();
    await page.getByText('Lock by itself: after 5 minutes').waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
    await app.remove();
    await browser.close();
  });
});
