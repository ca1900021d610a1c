import { dialog } from 'electron';
import type { Dialogs } from '../ipc/index.ts';

/** Native dialogs: what the person at the machine is asked outside the window. */
export const dialogs: Dialogs = {
  async confirm({ action, detail }) {
    const buttons = ['Cancel', action];
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: `${action}?`,
      detail,
      buttons,
      defaultId: 0,
      cancelId: 0,
    });
    return response === 1;
  },
  async chooseSavePath(suggestedName) {
    const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: suggestedName });
    return canceled ? null : filePath;
  },
};
