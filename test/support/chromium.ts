import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from './browser.ts';

/** Starts Chromium without a window. @throws Error when there is none */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('expected a Chromium: set CHROMIUM_PATH, or install Playwright’s own');
  // Chromium's own sandbox cannot start as root.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: [...(isRoot ? ['--no-sandbox'] : []), ...args] });
}
