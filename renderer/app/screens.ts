import { Boxes, Gauge, type LucideIcon, Play, ScrollText } from 'lucide-react';

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
  { path: '/limits', title: 'Limits', icon: Gauge, shortcut: 'Mod+3' },
  { path: '/audit', title: 'Audit', icon: ScrollText, shortcut: 'Mod+4' },
];
