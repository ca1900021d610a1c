import { isApple, shortcutKeys } from '../lib/shortcut.ts';
import styles from './Keys.module.css';

/** A shortcut as key caps. */
export function Keys(props: { shortcut: string }) {
  const keys = shortcutKeys(props.shortcut, isApple(navigator.platform));
  return (
    <kbd className={styles.keys}>
      {keys.map((key) => (
        <span key={key}>{key}</span>
      ))}
    </kbd>
  );
}
