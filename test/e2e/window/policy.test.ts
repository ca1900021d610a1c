import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../support/chromium.ts';
import { startWindowServer, type WindowServer } from '../../support/window-server.ts';
import { openWindow, places } from './places.ts';

let browser: Browser;
let servers: { everyday: WindowServer; empty: WindowServer };

beforeAll(async () => {
  browser = await launchBrowser();
  servers = { everyday: await startWindowServer(), empty: await startWindowServer({ modules: 'none', entries: 1 }) };
});
afterAll(async () => {
  await browser.close();
  await Promise.all([servers.everyday.close(), servers.empty.close()]);
});

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(places.map((place) => [place.name, place] as const))(
    '%s keeps the policy and has no axe finding',
    async (_name, place) => {
      const { page, violations, context } = await openWindow(browser, servers[place.world].url, { colorScheme });
      await place.go(page);
      // A screen comes in a file of its own: look at it once it is there.
      await page.locator('h1').first().waitFor({ state: 'attached' });
      expect(await findings(page)).toEqual([]);
      expect(violations()).toEqual([]);
      await context.close();
    },
  );
});

test('the page cannot compile wasm, evaluate text, or reach another origin', async () => {
  const { page, context } = await openWindow(browser, servers.everyday.url);
  const attempts = await page.evaluate(async () => {
    const tried = async (act: () => unknown) => {
      try {
        await act();
        return 'allowed';
      } catch {
        return 'refused';
      }
    };
    return {
      wasm: await tried(() => WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))),
      eval: await new Promise<string>((resolve) => {
        // What the debugger evaluates may make functions of text; what the page runs later may not.
        setTimeout(() => void tried(() => new Function('return 1')()).then(resolve));
      }),
      fetch: await tried(() => fetch('http://127.0.0.1:9/')),
      markup: await tried(() => {
        document.createElement('div').innerHTML = '<b>x</b>';
      }),
    };
  });
  expect(attempts).toEqual({ wasm: 'refused', eval: 'refused', fetch: 'refused', markup: 'refused' });
  await context.close();
});

test('a violation would be seen', async () => {
  const { page, violations, context } = await openWindow(browser, servers.everyday.url);
  await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
  });
  await expect.poll(violations).toEqual(['style-src-elem']);
  await context.close();
});
