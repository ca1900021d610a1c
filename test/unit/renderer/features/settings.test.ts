import { expect, test } from 'vitest';
import { searchSettings, settings } from '../../../../renderer/features/settings/settings.ts';
import { defaultAppearance, parseAppearance } from '../../../../renderer/lib/appearance.ts';

test('a setting is found by any word of it, all words together, and by its group', () => {
  expect(searchSettings('')).toEqual(Object.keys(settings));
  expect(searchSettings('LIGHT')).toEqual(['theme']);
  expect(searchSettings('passphrase lock')).toEqual(['autoLock']);
  expect(searchSettings('appearance')).toEqual(['theme', 'density', 'motion', 'contrast']);
  expect(searchSettings('nothing like this')).toEqual([]);
});

test('what was chosen before is read back, and anything else is the default', () => {
  expect(parseAppearance('{"theme":"dark","density":"huge","unknown":1}')).toEqual({
    ...defaultAppearance,
    theme: 'dark',
  });
  for (const text of [null, '', 'null', '[]', '{', '"dark"']) expect(parseAppearance(text)).toEqual(defaultAppearance);
});
