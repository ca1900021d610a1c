import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { useCommandList } from '../lib/commands.ts';

/** Shortcuts without a modifier must not take letters from a text field. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Binds every command that has a shortcut. */
export function useShortcuts(): void {
  const commands = useCommandList();
  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const command of commands) {
      for (const shortcut of [command.shortcut, ...(command.aliases ?? [])]) {
        if (shortcut === undefined) continue;
        const isPlain = !/(Mod|Alt|Control)\+/.test(shortcut);
        bindings[shortcut.replace('Mod', '$mod')] = (event) => {
          if (isPlain && isTyping(event)) return;
          event.preventDefault();
          if (command.blocked === undefined) command.run();
        };
      }
    }
    return tinykeys(window, bindings);
  }, [commands]);
}
