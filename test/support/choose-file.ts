import type { Locator, Page } from 'playwright-core';

/** Chooses files in the dialog that a button opens. */
export async function chooseFile(
  page: Page,
  button: Locator,
  name: string,
  content: Uint8Array | string,
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button.click();
  await (await chooser).setFiles([{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) }]);
}
