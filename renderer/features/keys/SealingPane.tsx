import type { Contact, KeyRecord } from '../../../shared/model/key.ts';
import { JobList } from './JobList.tsx';
import { OpenForm } from './OpenForm.tsx';
import { SealForm } from './SealForm.tsx';
import styles from './SealingPane.module.css';

/** Sealing and opening beside each other, and what came of it beneath. */
export function SealingPane(props: { keys: readonly KeyRecord[]; contacts: readonly Contact[] }) {
  return (
    <div className={styles.pane}>
      <div className={styles.pair}>
        <SealForm {...props} />
        <OpenForm {...props} />
      </div>
      <JobList />
    </div>
  );
}
