import { Meter } from '@base-ui/react/meter';
import clsx from 'clsx';
import styles from './Gauge.module.css';

/** A live number against its limit. Colour changes at 80 and 95 %, and the text says so too. */
export function Gauge(props: { label: string; value: number; max: number | null; text: string; limitText: string }) {
  const share = props.max === null || props.max === 0 ? 0 : props.value / props.max;
  const level = share > 0.95 ? 'full' : share >= 0.8 ? 'high' : 'calm';
  const spoken = props.max === null ? `${props.text}, no limit` : `${props.text} of ${props.limitText}`;
  return (
    <Meter.Root
      className={styles.gauge}
      value={Math.min(share * 100, 100)}
      max={100}
      aria-valuetext={spoken}
      getAriaValueText={() => spoken}
    >
      <Meter.Label className={styles.label}>{props.label}</Meter.Label>
      <span className={styles.value}>
        <b>{props.text}</b>
        <span className={styles.limit}>
          {props.max === null ? 'no limit' : `of ${props.limitText}`}
          {level !== 'calm' && ` · ${Math.min(100, Math.floor(share * 100))} %`}
        </span>
      </span>
      <Meter.Track className={styles.track}>
        <Meter.Indicator className={clsx(styles.fill, styles[level])} />
      </Meter.Track>
    </Meter.Root>
  );
}
