import { expect, test } from 'vitest';
import { type Command, createCommandRegistry, searchCommands } from '../../../../renderer/lib/commands.ts';
import { shortcutKeys } from '../../../../renderer/lib/shortcut.ts';

const command = (id: string, title: string): Command => ({ id, title, group: 'Test', run: () => {} });

test('what is registered is taken out again by the one who registered it', () => {
  const registry = createCommandRegistry();
  const remove = registry.add([command('a', 'First')]);
  const removeLater = registry.add([command('a', 'Second')]);
  remove();
  expect([...registry.getState().commands.values()].map(({ title }) => title)).toEqual(['Second']);
  removeLater();
  expect(registry.getState().commands.size).toBe(0);
});

test('all words must match, and titles that start with the text come first', () => {
  const commands = [command('1', 'Open the run'), command('2', 'Run module'), command('3', 'Forget module')];
  expect(searchCommands(commands, 'run').map(({ id }) => id)).toEqual(['2', '1']);
  expect(searchCommands(commands, 'module forget').map(({ id }) => id)).toEqual(['3']);
  expect(searchCommands(commands, 'nothing')).toEqual([]);
});

test('a shortcut is shown in the signs of the system', () => {
  expect([shortcutKeys('Mod+Shift+KeyP', true), shortcutKeys('Mod+Alt+ArrowLeft', false)]).toEqual([
    ['⌘', '⇧', 'P'],
    ['Ctrl', 'Alt', '←'],
  ]);
});
