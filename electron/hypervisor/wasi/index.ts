export {
  capabilityOf,
  isWasiFunction,
  signatureOf,
  type WasiFunctionName,
  wasiFunctionNames,
  wasiModuleName,
} from '../../../shared/model/wasi-functions.ts';
export { CLOCK_RESOLUTION_NS, VIRTUAL_EPOCH_NS } from './clock.ts';
export { type ErrnoName, errno } from './errno.ts';
export { WasiInputError } from './file-system/folders.ts';
export { createBytesInput } from './input.ts';
export type { InputPort, WasiPorts } from './ports.ts';
export { createWasi, type Wasi, type WasiImport, type WasiOptions } from './wasi.ts';
