import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '../support/browser.ts';
import { isBuilt, type ServedApp, serveApp } from '../support/served-app.ts';
import { launchBrowser, openWindowPage, type WindowPage } from '../support/window-page.ts';

const sampleFile = (name: string) => readFile(path.resolve(import.meta.dirname, `../../out/samples/${name}.wasm`));

describe.skipIf(!isBuilt || findBrowser() === undefined)('the served window in Chromium', () => {
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

  test('a dropped module is inspected, run, and found in the log', async () => {
    const { page } = shown;
    await shown.drop('fibonacci.wasm', await sampleFile('fibonacci'));
    await page.getByRole('heading', { name: 'fibonacci.wasm' }).waitFor();
    await page.getByRole('tab', { name: 'Exports 1' }).click();
    await page
      .getByRole('row', { name: /fibonacci/ })
      .last()
      .waitFor();

    await page.getByRole('button', { name: 'Run…' }).first().click();
    await page.getByRole('textbox', { name: 'Argument 0, i32' }).fill('90');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome.getByText('2880067194370816120').waitFor();
    expect(await outcome.innerText()).toContain('Finished.');

    await page.getByRole('link', { name: /log entries/ }).click();
    const rows = page.getByRole('grid', { name: 'Log entries' });
    await rows.getByText('run.finished').waitFor();
    expect(await rows.getByText('run.started').count()).toBe(1);
  });

  test('a program prints through WASI in one click', async () => {
    const { page } = shown;
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Hello from WASI' })
      .getByRole('button', { name: 'Run' })
      .click();
    await page.getByRole('tabpanel', { name: 'stdout' }).getByText('Hello from the inside of the box.').waitFor();
  });

  test('a hostile sample is stopped at its deadline, and the next run works', async () => {
    const { page } = shown;
    await shown.drop('endless.wasm', await sampleFile('endless'));
    await page.getByRole('button', { name: 'Run…' }).click();
    await page.getByRole('textbox', { name: 'Time for this run' }).fill('300 ms');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const outcome = page.getByRole('region', { name: 'Outcome' });
    await outcome
      .getByText(/timed out/i)
      .first()
      .waitFor();
    expect(await outcome.innerText()).toContain('300 ms');

    await page.getByRole('link', { name: 'Modules' }).click();
    await shown.drop('fibonacci.wasm', await sampleFile('fibonacci'));
    await page.getByRole('heading', { name: 'fibonacci.wasm' }).waitFor();
    await page.getByRole('button', { name: 'Run…' }).click();
    await page.getByRole('textbox', { name: 'Argument 0, i32' }).fill('10');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('55').waitFor();
  });

  test('an endless run can be cancelled', async () => {
    const { page } = shown;
    await page.getByRole('listitem').filter({ hasText: 'Endless loop' }).getByRole('button', { name: 'Run' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByRole('region', { name: 'Outcome' })
      .getByText(/stopped|cancelled/i)
      .first()
      .waitFor();
  });

  test('a malformed file is refused with the place and the reason, and stays in the list', async () => {
    const { page } = shown;
    await shown.drop('broken.wasm', new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5]));
    const alert = page.getByRole('region', { name: 'Arrivals' }).getByRole('alert');
    await alert.waitFor();
    const said = await alert.innerText();
    expect(said).toMatch(/expected 5 bytes in the section, found 0, at byte 10 \(0xa\)/i);
    expect(said).toContain('module.malformed');
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('grid', { name: 'Log entries' }).getByText('module.refused').waitFor();
  });

  test('the way in works once', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(app.windowUrl());
    expect((await context.cookies()).length).toBe(0);
    await context.close();
  });
});
