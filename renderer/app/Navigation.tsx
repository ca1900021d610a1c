import { Link, useLocation } from 'wouter';
import { Hint } from '../ui/Hint.tsx';
import styles from './Navigation.module.css';
import { screens } from './screens.ts';

export function Navigation() {
  const [path] = useLocation();
  return (
    <nav className={styles.nav} aria-label="Screens">
      <ul>
        {screens.map((screen) => {
          const isCurrent = path === screen.path || path.startsWith(`${screen.path}/`);
          return (
            <li key={screen.path}>
              <Hint text={screen.title} shortcut={screen.shortcut}>
                <Link href={screen.path} className={styles.link} aria-current={isCurrent ? 'page' : undefined}>
                  <screen.icon size={16} strokeWidth={1.8} aria-hidden />
                  <span>{screen.title}</span>
                </Link>
              </Hint>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
