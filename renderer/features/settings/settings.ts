/** Every setting there is, with the words it is found by. */
export const settings = {
  theme: {
    group: 'Appearance',
    title: 'Colours',
    text: 'Light or dark, or as the system has it.',
    keywords: 'theme dark light mode color',
  },
  density: {
    group: 'Appearance',
    title: 'Density',
    text: 'How tall rows and controls are.',
    keywords: 'compact comfortable size rows',
  },
  motion: {
    group: 'Appearance',
    title: 'Motion',
    text: 'Whether things fade and slide.',
    keywords: 'animation reduced transitions',
  },
  contrast: {
    group: 'Appearance',
    title: 'Contrast',
    text: 'Stronger lines and darker secondary text.',
    keywords: 'accessibility borders',
  },
  autoLock: {
    group: 'Keys',
    title: 'Lock by itself',
    text: 'After so long without use, all private keys are forgotten until unlocked.',
    keywords: 'timeout idle lock passphrase',
  },
  protection: {
    group: 'Keys',
    title: 'Protection',
    text: 'How the key store is protected on this machine.',
    keywords: 'passphrase keychain master key file',
  },
  storage: {
    group: 'Storage',
    title: 'Data folder',
    text: 'Everything Glovebox keeps is in one folder.',
    keywords: 'disk path size files modules log receipts',
  },
  about: {
    group: 'About',
    title: 'Glovebox',
    text: 'A desktop hypervisor for WebAssembly.',
    keywords: 'version engine platform licence',
  },
} as const;

export type SettingId = keyof typeof settings;

/** The settings that have every word, in their order; all of them for no words. */
export function searchSettings(text: string): SettingId[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (Object.keys(settings) as SettingId[]).filter((id) => {
    const { group, title, text: sentence, keywords } = settings[id];
    const hay = `${group} ${title} ${sentence} ${keywords}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
