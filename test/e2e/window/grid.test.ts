import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../support/chromium.ts';
import { startWindowServer, type WindowServer } from '../../support/window-server.ts';
import { goTo, openWindow } from './places.ts';

const ENTRIES = 1_200_000;
let server: WindowServer;

beforeAll(async () => {
  server = await startWindowServer({ entries: ENTRIES });
});
afterAll(() => server.close());

const grid = (page: Page) => page.getByRole('grid', { name: 'Log entries' });
const lastShown = async (page: Page) => Number(await grid(page).getByRole('row').last().getAttribute('aria-rowindex'));

describe.each([1, 2, 3])('at a scale of %i', (scale) => {
  test('the last of 1,200,000 entries is reached by the thumb, the End key and the wheel', async () => {
    // Playwright's own scale factor leaves the device alone and would hide what this is about.
    const browser = await launchBrowser([`--force-device-scale-factor=${scale}`]);
    const { page, violations } = await openWindow(browser, server.url, { viewport: { width: 1280, height: 800 } });
    await goTo(page, '#/audit');
    await page.getByText('1,200,000', { exact: true }).first().waitFor();
    await grid(page).focus();
    await page.keyboard.press('Home');
    await expect.poll(() => grid(page).getByRole('row').nth(1).getAttribute('aria-rowindex')).toBe('2');
    await grid(page)
      .locator('[class*=scroller]')
      .evaluate((element) => {
        element.scrollTop = element.scrollHeight;
      });
    await expect.poll(() => lastShown(page)).toBe(ENTRIES + 1);
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    await expect.poll(() => lastShown(page)).toBe(ENTRIES + 1);
    await grid(page).getByText('1,199,999', { exact: true }).waitFor();
    expect(violations()).toEqual([]);
    await browser.close();
  });
});

test('one turn of the wheel moves by whole rows, and a page of rows is never blank for long', async () => {
  const browser = await launchBrowser();
  const { page } = await openWindow(browser, server.url);
  await goTo(page, '#/audit');
  await page.getByText('1,200,000', { exact: true }).first().waitFor();
  await grid(page).focus();
  await page.keyboard.press('Home');
  const first = () => grid(page).getByRole('row').nth(1).getAttribute('aria-rowindex');
  await expect.poll(first).toBe('2');
  await grid(page).hover();
  await page.mouse.wheel(0, 280);
  await expect.poll(first).toBe('12');
  await expect.poll(() => grid(page).locator('[class*=pending]').count()).toBe(0);
  await browser.close();
});

test('a list of 10,000 modules is sorted and its last is reached', async () => {
  const many = await startWindowServer({ modules: 10_000, entries: 1 });
  const browser = await launchBrowser();
  const { page } = await openWindow(browser, many.url);
  const modules = page.getByRole('grid', { name: 'Modules' });
  await modules.getByRole('button', { name: 'Module' }).click();
  await modules.getByText('build-00000.wasm').waitFor();
  await modules.locator('[class*=scroller]').evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await modules.getByText('build-09999.wasm').waitFor();
  await browser.close();
  await many.close();
});
