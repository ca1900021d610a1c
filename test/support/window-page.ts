import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from './browser.ts';
import type { ServedApp } from './served-app.ts';

/** The page of the served window in a real Chromium, with everything in it that went wrong. */
export type WindowPage = {
  readonly page: Page;
  /** errors of scripts and violations of the policy, since the page was opened */
  readonly faults: readonly string[];
  /** Drops a file on the window as a desktop does. */
  drop(name: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
};

/** Starts the browser. Its own sandbox does not run as root, so only there it is off. */
export async function launchBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findBrowser()!, args });
}

/** Opens the window of a served app, with a key that works once. */
export async function openWindowPage(browser: Browser, app: ServedApp): Promise<WindowPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 820 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  await page.exposeFunction('tellViolation', (text: string) => faults.push(`violation: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (window as unknown as { tellViolation(text: string): void }).tellViolation(`${violatedDirective} ${blockedURI}`);
    });
  });
  await page.goto(app.windowUrl());
  return { page, faults, drop: (name, bytes) => dropFile(page, name, bytes), close: () => context.close() };
}

async function dropFile(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const content = Uint8Array.from(atob(base64!), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName!, { type: 'application/wasm' }));
      return transfer;
    },
    [name, Buffer.from(bytes).toString('base64')],
  );
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer });
}
