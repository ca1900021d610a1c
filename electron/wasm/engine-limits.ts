/**
 * The implementation limits of V8 (`src/wasm/wasm-limits.h`), beyond which it refuses a module. They bound what the
 * reader allocates, and the meter checks them after adding its own.
 */
export const engineLimits = {
  moduleBytes: 1024 * 1024 * 1024,
  types: 1_000_000,
  recursionGroups: 1_000_000,
  functions: 1_000_000,
  imports: 1_000_000,
  exports: 1_000_000,
  globals: 1_000_000,
  tags: 1_000_000,
  tables: 100_000,
  memories: 100_000,
  dataSegments: 100_000,
  elementSegments: 10_000_000,
  tableElements: 10_000_000,
  nameBytes: 100_000,
  functionBytes: 7_654_321,
  locals: 50_000,
  params: 1000,
  results: 1000,
  structFields: 10_000,
  arrayNewFixed: 10_000,
  branchTargets: 65_520,
  memory32Pages: 65_536,
  /** 16 GiB in pages */
  memory64Pages: 262_144,
  subtypingDepth: 63,
} as const;
