/** True on Apple systems, where `Mod` is ⌘. */
export function isApple(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

const APPLE: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Control: '⌃' };
const OTHER: Record<string, string> = { Mod: 'Ctrl', Shift: 'Shift', Alt: 'Alt', Control: 'Ctrl' };
const NAMES: Record<string, string> = {
  Enter: '↵',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  BracketLeft: '[',
  BracketRight: ']',
  Period: '.',
  Comma: ',',
};

/** `Mod+Shift+KeyP` as the keys people press: `['Ctrl', 'Shift', 'P']`, or Apple's signs. */
export function shortcutKeys(shortcut: string, isOnApple: boolean): string[] {
  return shortcut.split('+').map((part) => {
    const modifier = (isOnApple ? APPLE : OTHER)[part];
    if (modifier !== undefined) return modifier;
    return NAMES[part] ?? part.replace(/^(Key|Digit)/, '');
  });
}
