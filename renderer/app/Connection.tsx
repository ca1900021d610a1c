import { useQueryClient } from '@tanstack/react-query';
import { Unplug } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useBridge } from '../bridge/context.ts';
import { refreshEverything } from '../bridge/queries.ts';
import styles from './Connection.module.css';

/** A strip while the main side does not answer; when it is there again, everything is asked anew. */
export function Connection() {
  const bridge = useBridge();
  const queryClient = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  const wasConnected = useRef(true);
  useEffect(
    () =>
      bridge.onConnection((isNow) => {
        if (isNow && !wasConnected.current) refreshEverything(queryClient);
        wasConnected.current = isNow;
        setConnected(isNow);
      }),
    [bridge, queryClient],
  );
  if (isConnected) return null;
  return (
    <p role="status" className={styles.strip}>
      <Unplug size={15} aria-hidden />
      The hypervisor does not answer. What you see may be old; runs that were going may still be going. Trying again…
    </p>
  );
}
