import { formatCount, formatMoment } from '../../lib/format.ts';
import { foldFamilies } from './bars.ts';
import { families } from './families.ts';
import type { Span } from './span.ts';
import styles from './Timeline.module.css';
import { useHistogram } from './use-audit.ts';

const ROWS = 24;

/** The chart as numbers, for those who read rather than see it. */
export function BucketTable(props: { filter: string; span: Span | null }) {
  const { data } = useHistogram(props.filter, props.span, ROWS);
  if (data === undefined) return null;
  const folded = foldFamilies(data);
  const step = (data.toTs - data.fromTs) / ROWS;
  const bins = Array.from({ length: ROWS }, (_, bin) => bin).filter((bin) =>
    families.some((family) => folded[family][bin]! > 0),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <section className={styles.table} tabIndex={0} aria-label="Timeline as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {families.map((family) => (
              <th key={family} scope="col">
                {family === 'info' ? 'other' : family}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin}>
              <th scope="row">{formatMoment(data.fromTs + bin * step)}</th>
              {families.map((family) => (
                <td key={family}>{formatCount(folded[family][bin]!)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
