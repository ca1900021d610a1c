import { useQuery } from '@tanstack/react-query';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { useCommands } from '../../lib/commands.ts';
import { navigate } from '../../lib/hash-route.ts';

/** Locks the key store; what it says of itself comes back as an event. */
export function useLock(): () => void {
  const { client } = useBridge();
  return () => void client.keys.lock({});
}

/** What can be done with keys from every screen. */
export function useKeyCommands(): void {
  const { client } = useBridge();
  const { data: status } = useQuery(queries.status(client));
  const lock = useLock();
  const isLocked = status?.vault.state === 'locked';
  useCommands([
    {
      id: 'keys.lock',
      title: 'Lock the keys',
      group: 'Keys',
      shortcut: 'Mod+L',
      blocked: isLocked ? 'They are locked' : undefined,
      run: lock,
    },
    {
      id: 'keys.unlock',
      title: 'Unlock the keys…',
      group: 'Keys',
      blocked: isLocked ? undefined : 'They are not locked',
      run: () => navigate('/keys'),
    },
    {
      id: 'keys.seal',
      title: 'Seal or open a file…',
      group: 'Keys',
      keywords: 'encrypt decrypt',
      run: () => navigate('/keys?tab=sealing'),
    },
  ]);
}
