import { RotateCcw } from 'lucide-react';
import { type Appearance, defaultAppearance, saveAppearance, useAppearance } from '../../lib/appearance.ts';
import { Button } from '../../ui/Button.tsx';
import { toastUndo } from '../../ui/Toasts.tsx';
import { Options, Row } from './Row.tsx';
import { settings } from './settings.ts';

const WORDS: { readonly [K in keyof Appearance]: readonly (readonly [Appearance[K], string])[] } = {
  theme: [
    ['system', 'System'],
    ['light', 'Light'],
    ['dark', 'Dark'],
  ],
  density: [
    ['compact', 'Compact'],
    ['comfortable', 'Comfortable'],
  ],
  motion: [
    ['system', 'System'],
    ['reduced', 'Reduced'],
  ],
  contrast: [
    ['system', 'System'],
    ['more', 'More'],
  ],
};

/** One choice of how the window looks; it shows at once and can be taken back. */
export function AppearanceSetting<K extends keyof Appearance>(props: { id: K }) {
  const { id } = props;
  const appearance = useAppearance();
  const value = appearance[id];
  const choose = (next: Appearance[K]) => {
    if (next === value) return;
    saveAppearance({ ...appearance, [id]: next });
    const word = WORDS[id].find(([one]) => one === next)?.[1] ?? next;
    toastUndo(`${settings[id].title}: ${word}`, () => saveAppearance(appearance));
  };
  return (
    <Row id={id}>
      <Options label={settings[id].title} value={value} options={WORDS[id]} onChoose={choose} />
      <Button
        kind="quiet"
        icon={RotateCcw}
        label={`Put ${settings[id].title.toLowerCase()} back to ${WORDS[id][0]?.[1] ?? ''}`}
        isDisabled={value === defaultAppearance[id]}
        reason="It is as it was at first"
        onClick={() => choose(defaultAppearance[id])}
      />
    </Row>
  );
}
