import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A place of the window and how to get there. */
export type Place = {
  readonly name: string;
  readonly world: 'everyday' | 'empty';
  readonly go: (page: Page) => Promise<unknown>;
};

export type OpenWindow = { page: Page; context: BrowserContext; violations: () => string[] };

/** Opens the window and listens for violations of its policy from the first moment on. */
export async function openWindow(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenWindow> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const seen: string[] = [];
  await page.exposeFunction('reportViolation', (directive: string) => seen.push(directive));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (window as unknown as { reportViolation(directive: string): void }).reportViolation(event.effectiveDirective);
    });
  });
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  await page.goto(url);
  await page.getByRole('navigation').waitFor();
  return { page, context, violations: () => seen };
}

export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

export async function openModule(page: Page, name: string): Promise<void> {
  await page.getByRole('row', { name: new RegExp(name) }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

export async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
}

/** Opens the form for a module's function and starts it. */
export async function runModule(page: Page, name: string, functionName?: string): Promise<void> {
  await goTo(page, '#/modules');
  await openModule(page, name);
  if (functionName === undefined) await page.getByRole('button', { name: 'Run…' }).first().click();
  else {
    await openTab(page, 'Exports');
    await page
      .getByRole('row', { name: new RegExp(functionName) })
      .getByRole('button')
      .click();
  }
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
}

const tabPlaces = ['Imports', 'Exports', 'Sections', 'Features', 'Hex', 'Hash', 'Compare'].map(
  (tab): Place => ({
    name: `Modules, ${tab}`,
    world: 'everyday',
    go: async (page) => {
      await openModule(page, 'plugin.wasm');
      await openTab(page, tab);
    },
  }),
);

/** Every route, with what opens over it. */
export const places: readonly Place[] = [
  { name: 'Modules, empty', world: 'empty', go: (page) => page.getByText('Or run a sample').waitFor() },
  { name: 'Modules, list', world: 'everyday', go: (page) => page.getByRole('row', { name: /fib\.wasm/ }).waitFor() },
  ...tabPlaces,
  {
    name: 'Run, form',
    world: 'everyday',
    go: async (page) => {
      await openModule(page, 'hello.wasm');
      await page.getByRole('button', { name: 'Run…' }).first().click();
      await page.getByLabel('Arguments').waitFor();
    },
  },
  {
    name: 'Run, form with an error and an open list',
    world: 'everyday',
    go: async (page) => {
      await openModule(page, 'fib.wasm');
      await page.getByRole('button', { name: 'Run…' }).first().click();
      await page.getByLabel('Argument 0').fill('x');
      await page.getByRole('combobox', { name: 'Policy' }).click();
      await page.getByRole('option', { name: /Strict/ }).waitFor();
    },
  },
  { name: 'Run, live', world: 'everyday', go: (page) => runModule(page, 'spin.wasm') },
  { name: 'Run, trapped', world: 'everyday', go: (page) => runModule(page, 'fib.wasm', 'gcd') },
  { name: 'Run, denied', world: 'everyday', go: (page) => runModule(page, 'hello.wasm') },
  { name: 'Runs', world: 'everyday', go: (page) => goTo(page, '#/runs') },
  {
    name: 'Limits',
    world: 'everyday',
    go: async (page) => {
      await goTo(page, '#/limits?policy=Strict');
      await page.getByRole('heading', { level: 1, name: 'Limits' }).waitFor();
    },
  },
  {
    name: 'Limits, own policy',
    world: 'everyday',
    go: async (page) => {
      await goTo(page, '#/limits');
      await page.getByRole('button', { name: 'Duplicate Default' }).click();
      await page.getByRole('textbox', { name: 'Time' }).fill('1 ms');
      await page.getByText('1 value to correct').waitFor();
    },
  },
  {
    name: 'Limits, by module',
    world: 'everyday',
    go: async (page) => {
      await goTo(page, '#/limits?tab=modules');
      await page.getByRole('columnheader', { name: 'In force' }).waitFor();
    },
  },
  {
    name: 'Audit',
    world: 'everyday',
    go: async (page) => {
      await goTo(page, '#/audit?seq=42');
      await page.getByText('Leaf hash').waitFor();
      await page.getByRole('button', { name: 'Table' }).click();
    },
  },
  {
    name: 'Audit, completion',
    world: 'everyday',
    go: async (page) => {
      await goTo(page, '#/audit');
      await page.getByLabel('Filter', { exact: true }).pressSequentially('outcome:d');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'Palette',
    world: 'everyday',
    go: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'Shortcuts',
    world: 'everyday',
    go: async (page) => {
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'Nowhere', world: 'everyday', go: (page) => goTo(page, '#/nothing/here') },
];
