import { Search } from 'lucide-react';
import { useState } from 'react';
import { Empty } from '../../ui/Empty.tsx';
import { Section } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { About } from './About.tsx';
import { AppearanceSetting } from './AppearanceSetting.tsx';
import { AutoLockSetting } from './AutoLockSetting.tsx';
import { ProtectionSetting } from './ProtectionSetting.tsx';
import styles from './SettingsScreen.module.css';
import { StorageSetting } from './StorageSetting.tsx';
import { type SettingId, searchSettings, settings } from './settings.ts';

const GROUPS = ['Appearance', 'Keys', 'Storage', 'About'] as const;

/** Everything that can be set, found by typing; each takes effect at once. */
export function SettingsScreen() {
  const [text, setText] = useState('');
  const found = searchSettings(text);
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Settings</h1>
        <TextField
          label="Search settings"
          isLabelHidden
          placeholder="Search settings"
          value={text}
          onChange={setText}
          suffix={<Search size={14} aria-hidden />}
        />
      </header>
      <div className={styles.groups}>
        {GROUPS.map((group) => {
          const shown = found.filter((id) => settings[id].group === group);
          if (shown.length === 0) return null;
          return (
            <Section key={group} title={group}>
              <div className={styles.card}>
                {shown.map((id) => (
                  <SettingRow key={id} id={id} />
                ))}
              </div>
            </Section>
          );
        })}
        {found.length === 0 && <Empty title={`No setting matches “${text}”`} />}
      </div>
    </div>
  );
}

function SettingRow(props: { id: SettingId }) {
  const { id } = props;
  switch (id) {
    case 'theme':
    case 'density':
    case 'motion':
    case 'contrast':
      return <AppearanceSetting id={id} />;
    case 'autoLock':
      return <AutoLockSetting />;
    case 'protection':
      return <ProtectionSetting />;
    case 'storage':
      return <StorageSetting />;
    case 'about':
      return <About />;
  }
}
