import type { ExternType, ModuleReport, Signature } from '../../shared/model/module-report.ts';
import { PAGE_BYTES } from '../../shared/units.ts';
import { featureIndex, features } from './features.ts';
import type { Export, ExternKind, Limits, Module } from './module.ts';
import { readNames, readProducers } from './names.ts';
import { readCode, readModule, type StaticLimits } from './reader.ts';

/**
 * Reads a whole module, every instruction of it, and says what it is and what it wants. Nothing is compiled or run.
 * Operand types are not checked here; a module that only fails there is refused when it is compiled.
 * @throws WasmError when the bytes are malformed, use an unsupported feature or exceed a limit
 */
export function inspect(bytes: Uint8Array, options: { limits?: StaticLimits } = {}): ModuleReport {
  const { module } = readModule(bytes, options.limits);
  if (module.sections.some((each) => each.name === 'metadata.code.branch_hint')) {
    const section = module.sections.find((each) => each.name === 'metadata.code.branch_hint')!;
    module.features.note(featureIndex('branch-hinting'), section.offset);
  }
  readCode(module);
  return {
    sizeBytes: bytes.length,
    imports: module.imports.map(({ module: from, name, kind, index }) => ({
      module: from,
      name,
      type: externType(module, kind, index),
    })),
    exports: module.exports.map(({ name, kind, index }) => ({ name, index, type: externType(module, kind, index) })),
    memories: module.memories.map((_, index) => externType(module, 'memory', index)),
    tables: module.tables.map((_, index) => externType(module, 'table', index)),
    sections: module.sections.map(({ id, name, offset, end, count }) => ({
      id,
      name,
      offset,
      sizeBytes: end - offset,
      count,
    })),
    features: usedFeatures(module),
    producers: readProducers(module),
    moduleName: readNames(module).moduleName,
    counts: {
      types: module.types.length,
      functions: module.functions.length - module.importedFunctions,
      importedFunctions: module.importedFunctions,
      globals: module.globals.length,
      tags: module.tags.length,
      elements: module.elementSegments,
      dataSegments: module.dataSegments,
      codeBytes: codeBytes(module),
    },
    hasStart: module.start !== null,
    shape: shapeOf(module),
  };
}

function externType(module: Module, kind: ExternKind, index: number): ExternType {
  switch (kind) {
    case 'function':
      return { kind, signature: signatureOf(module, module.functions[index]!) };
    case 'tag':
      return { kind, signature: signatureOf(module, module.tags[index]!) };
    case 'global': {
      const { type, isMutable } = module.globals[index]!;
      return { kind, type, isMutable };
    }
    case 'table': {
      const { element, limits } = module.tables[index]!;
      return { kind, element, is64: limits.is64, ...range(limits) };
    }
    case 'memory': {
      const { limits } = module.memories[index]!;
      return { kind, is64: limits.is64, isShared: limits.isShared, pageBytes: PAGE_BYTES, ...range(limits) };
    }
  }
}

function signatureOf(module: Module, type: number): Signature {
  const definition = module.types[type]!;
  if (definition.kind !== 'function') throw new Error(`type ${type} is no function type`);
  return { params: [...definition.params], results: [...definition.results] };
}

function range({ min, max }: Limits): { min: string; max: string | null } {
  return { min: String(min), max: max === null ? null : String(max) };
}

function usedFeatures(module: Module): ModuleReport['features'] {
  return features.flatMap((name, index) => {
    const firstOffset = module.features.firstOffset[index]!;
    return name === 'mvp' || firstOffset < 0 ? [] : [{ name, isSupported: true, firstOffset }];
  });
}

function codeBytes(module: Module): number {
  const section = module.sections.find((each) => each.id === 10);
  return section === undefined ? 0 : section.end - section.offset;
}

function shapeOf(module: Module): ModuleReport['shape'] {
  const exports = new Map<string, Export>(module.exports.map((each) => [each.name, each]));
  const importsWasi = module.imports.some((each) => each.module.startsWith('wasi_'));
  if (exports.get('_start')?.kind === 'function' && importsWasi) return 'command';
  return exports.get('_initialize')?.kind === 'function' ? 'reactor' : 'library';
}
