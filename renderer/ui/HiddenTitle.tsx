import styles from './HiddenTitle.module.css';

/** The title of a screen that shows none, for those who hear the page. */
export function HiddenTitle(props: { children: string }) {
  return <h1 className={styles.hidden}>{props.children}</h1>;
}
