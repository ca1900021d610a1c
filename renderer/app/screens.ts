import { Boxes, FileCheck2, Gauge, KeyRound, type LucideIcon, Play, ScrollText, Settings } from 'lucide-react';

export type Screen = {
  readonly path: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly shortcut: string;
};

/** The screens of the navigation, in its order. */
export const screens: readonly Screen[] = [
  { path: '/modules', title: 'Modules', icon: Boxes, shortcut: 'Mod+1' },
  { path: '/runs', title: 'Runs', icon: Play, shortcut: 'Mod+2' },
  { path: '/keys', title: 'Keys', icon: KeyRound, shortcut: 'Mod+3' },
  { path: '/limits', title: 'Limits', icon: Gauge, shortcut: 'Mod+4' },
  { path: '/audit', title: 'Audit', icon: ScrollText, shortcut: 'Mod+5' },
  { path: '/receipts', title: 'Receipts', icon: FileCheck2, shortcut: 'Mod+6' },
  { path: '/settings', title: 'Settings', icon: Settings, shortcut: 'Mod+Comma' },
];
