import { createRequire } from 'node:module';

type Wabt = () => Promise<WabtModule>;
type WabtModule = {
  parseWat(
    name: string,
    source: string,
    features: Record<string, boolean>,
  ): { toBinary(options: object): { buffer: Uint8Array }; destroy(): void };
};

const loadWabt = createRequire(import.meta.url)('wabt') as Wabt;
const wabt = await loadWabt();

const features = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  function_references: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  extended_const: true,
  multi_memory: true,
  relaxed_simd: true,
};

/** Assembles the text format; `names` keeps a name section. */
export function assemble(source: string, options: { names?: boolean } = {}): Uint8Array<ArrayBuffer> {
  const parsed = wabt.parseWat('test.wat', source, features);
  try {
    return Uint8Array.from(parsed.toBinary({ write_debug_names: options.names ?? false }).buffer);
  } finally {
    parsed.destroy();
  }
}
