import type { SampleInfo } from '../../shared/contract/modules.ts';

export { type HostileGuest, zoo } from './zoo.ts';

/** The bundled modules, in the order of the empty state. Their sources are the `.wat` files beside this one. */
export const samples: readonly SampleInfo[] = [
  {
    name: 'fibonacci',
    title: 'Fibonacci',
    description: 'Computes the n-th Fibonacci number from one argument. Needs nothing of the host.',
    isHostile: false,
  },
  {
    name: 'hello',
    title: 'Hello from WASI',
    description: 'Prints one line through WASI preview 1. Needs the capability to print.',
    isHostile: false,
  },
  {
    name: 'endless',
    title: 'Endless loop',
    description: 'Never ends by itself. See the time limit stop it.',
    isHostile: true,
  },
];
