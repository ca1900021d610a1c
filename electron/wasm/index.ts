export { type RefusedLimit, WasmError, type WasmErrorReason } from './error.ts';
export { inspect } from './inspect.ts';
export { hookModule } from './meter/hook.ts';
export { type MeteredModule, meter } from './meter/meter.ts';
export { abi, type MeterOptions } from './meter/plan.ts';
export { type FunctionEntry, openPrinter, type PrintedLine, type Printer, printFunction } from './printer.ts';
export type { StaticLimits } from './reader.ts';
