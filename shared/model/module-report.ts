import * as z from 'zod/mini';
import { count, moduleDigest, timestamp, u64 } from './scalars.ts';

/** A value type as text: `i32`, `v128`, `funcref`, `(ref null 3)`, `(ref extern)` … as the text format writes it. */
export const valueType = z.string();

/** A function signature in value types. */
export const signature = z.strictObject({ params: z.array(valueType), results: z.array(valueType) });
export type Signature = z.infer<typeof signature>;

const range = { min: u64, max: z.nullable(u64) };

/** What an import or export is, without its name. Limits in pages (memory) or elements (table), as declared. */
export const externType = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('function'), signature }),
  z.strictObject({ kind: z.literal('table'), element: valueType, is64: z.boolean(), ...range }),
  z.strictObject({ kind: z.literal('memory'), is64: z.boolean(), isShared: z.boolean(), pageBytes: count, ...range }),
  z.strictObject({ kind: z.literal('global'), type: valueType, isMutable: z.boolean() }),
  z.strictObject({ kind: z.literal('tag'), signature }),
]);
export type ExternType = z.infer<typeof externType>;

export const moduleImport = z.strictObject({ module: z.string(), name: z.string(), type: externType });
export type ModuleImport = z.infer<typeof moduleImport>;

export const moduleExport = z.strictObject({ name: z.string(), index: count, type: externType });
export type ModuleExport = z.infer<typeof moduleExport>;

/** One section as it lies in the file; `offset` is of the first content byte, after id and size. */
export const sectionReport = z.strictObject({
  id: count,
  name: z.string(),
  offset: count,
  sizeBytes: count,
  /** entries of a vector section, else null */
  count: z.nullable(count),
});
export type SectionReport = z.infer<typeof sectionReport>;

/** A proposal by the name it has in the specification's repositories, with whether this engine runs it. */
export const featureReport = z.strictObject({
  name: z.string(),
  isSupported: z.boolean(),
  firstOffset: z.nullable(count),
});
export type FeatureReport = z.infer<typeof featureReport>;

/** What reading a module tells, without running anything of it. Made by `electron/wasm` `inspect`. */
export const moduleReport = z.strictObject({
  sizeBytes: count,
  imports: z.array(moduleImport),
  exports: z.array(moduleExport),
  memories: z.array(externType),
  tables: z.array(externType),
  sections: z.array(sectionReport),
  features: z.array(featureReport),
  /** from the `producers` custom section: field, name, version */
  producers: z.array(z.strictObject({ field: z.string(), name: z.string(), version: z.string() })),
  /** from the `name` custom section */
  moduleName: z.nullable(z.string()),
  counts: z.strictObject({
    types: count,
    functions: count,
    importedFunctions: count,
    globals: count,
    tags: count,
    elements: count,
    dataSegments: count,
    codeBytes: count,
  }),
  hasStart: z.boolean(),
  /** `command` exports `_start` and imports WASI, `reactor` exports `_initialize`, else `library` */
  shape: z.enum(['command', 'reactor', 'library']),
});
export type ModuleReport = z.infer<typeof moduleReport>;

/** A loaded module as lists and the inspector show it. */
export const moduleRecord = z.strictObject({
  sha256: moduleDigest,
  /** file name without its folder; what the user sees, never an identity */
  name: z.string(),
  sizeBytes: count,
  firstSeen: timestamp,
  lastUsed: timestamp,
  source: z.enum(['file', 'sample', 'upload', 'sealed']),
  report: moduleReport,
  /** what made the engine refuse to compile it, or null */
  denial: z.nullable(z.string()),
  timing: z.strictObject({ hashMs: z.number(), inspectMs: z.number() }),
});
export type ModuleRecord = z.infer<typeof moduleRecord>;

export const moduleSummary = z.strictObject({
  sha256: moduleDigest,
  name: z.string(),
  sizeBytes: count,
  imports: count,
  exports: count,
  features: z.array(z.string()),
  shape: z.enum(['command', 'reactor', 'library']),
  firstSeen: timestamp,
  lastUsed: timestamp,
  source: z.enum(['file', 'sample', 'upload', 'sealed']),
  denial: z.nullable(z.string()),
});
export type ModuleSummary = z.infer<typeof moduleSummary>;
