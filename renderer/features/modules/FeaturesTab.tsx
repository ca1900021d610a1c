import { CircleCheck, ShieldX } from 'lucide-react';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { navigate } from '../../lib/hash-route.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import styles from './FeaturesTab.module.css';

/** Proposals the module needs beyond the first version of WebAssembly, and whether this engine has them. */
export function FeaturesTab(props: { record: ModuleRecord }) {
  const { sha256, report } = props.record;
  if (report.features.length === 0) {
    return (
      <Empty icon={CircleCheck} title="Nothing beyond version 1">
        The module keeps to what the first version of WebAssembly has.
      </Empty>
    );
  }
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Feature needed</th>
          <th scope="col">This engine</th>
          <th scope="col">First used at</th>
        </tr>
      </thead>
      <tbody>
        {report.features.map((feature) => (
          <tr key={feature.name}>
            <th scope="row">
              <code>{feature.name}</code>
            </th>
            <td>
              <Chip tone={feature.isSupported ? 'ok' : 'denied'} icon={feature.isSupported ? CircleCheck : ShieldX}>
                {feature.isSupported ? 'Supported' : 'Not supported'}
              </Chip>
            </td>
            <td>
              {feature.firstOffset !== null && (
                <button type="button" onClick={() => navigate(`/modules/${sha256}?tab=hex&at=${feature.firstOffset}`)}>
                  <code>0x{feature.firstOffset.toString(16).padStart(6, '0')}</code>
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
