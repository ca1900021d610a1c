import type { WasiContext } from '../context.ts';
import { refuse } from '../errno.ts';
import type { WasiFunctions } from '../signatures.ts';

type SocketFunctions = Pick<WasiFunctions, 'sock_accept' | 'sock_recv' | 'sock_send' | 'sock_shutdown'>;

/** There are no sockets: what is open is none, and says so. */
export function socketFunctions({ descriptors }: WasiContext): SocketFunctions {
  function refuseSocket(fd: number): void {
    descriptors.get(fd);
    refuse('notsock');
  }
  return {
    sock_accept: refuseSocket,
    sock_recv: refuseSocket,
    sock_send: refuseSocket,
    sock_shutdown: refuseSocket,
  };
}
