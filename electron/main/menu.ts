import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';

export type MenuActions = {
  /** Shows the open dialog and opens what was chosen. */
  readonly openFile: () => void;
  readonly newWindow: () => void;
  /** Takes the window to a route. */
  readonly go: (window: BrowserWindow, route: string) => void;
};

const screens: readonly (readonly [label: string, route: string])[] = [
  ['Modules', '#/modules'],
  ['Run', '#/runs'],
  ['Keys', '#/keys'],
  ['Limits', '#/limits'],
  ['Audit', '#/audit'],
  ['Receipts', '#/receipts'],
  ['Settings', '#/settings'],
];

/** Builds the application menu with the platform's own roles and shortcuts. */
export function installMenu(actions: MenuActions): void {
  const isMac = process.platform === 'darwin';
  const goTo = (route: string) => (_item: unknown, window: unknown) => {
    if (window !== undefined) actions.go(window as BrowserWindow, route);
  };
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: goTo('#/settings'),
  };
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [appMenu(settings)] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Open…', accelerator: 'CmdOrCtrl+O', click: actions.openFile },
        { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] },
        { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: actions.newWindow },
        { type: 'separator' },
        ...(isMac ? [] : [settings, { type: 'separator' } as const]),
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        ...screens.map(([label, route], i) => ({ label, accelerator: `CmdOrCtrl+${i + 1}`, click: goTo(route) })),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ role: 'about' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function appMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}
