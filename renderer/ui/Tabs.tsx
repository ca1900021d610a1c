import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

export type TabSpec<T extends string> = {
  id: T;
  label: string;
  count?: number | string | undefined;
  panel: () => ReactNode;
};

/** Tabs whose panels are made only while they show. */
export function Tabs<T extends string>(props: {
  label: string;
  tabs: readonly TabSpec<T>[];
  value: T;
  onChange: (value: T) => void;
  actions?: ReactNode;
  className?: string | undefined;
}) {
  return (
    <BaseTabs.Root
      className={clsx(styles.root, props.className)}
      value={props.value}
      onValueChange={(value) => props.onChange(value as T)}
    >
      <div className={styles.bar}>
        <BaseTabs.List className={styles.list} aria-label={props.label}>
          {props.tabs.map((tab) => (
            <BaseTabs.Tab key={tab.id} value={tab.id} className={styles.tab}>
              {tab.label}
              {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
            </BaseTabs.Tab>
          ))}
        </BaseTabs.List>
        {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
      </div>
      {props.tabs.map((tab) => (
        <BaseTabs.Panel key={tab.id} value={tab.id} className={styles.panel}>
          {tab.panel()}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
