import type { Cursor } from './cursor.ts';
import { engineLimits } from './engine-limits.ts';
import { exceeded, malformed, unsupported } from './error.ts';
import { type FeatureUse, featureIndex } from './features.ts';
import { type FieldType, readValueType, type TypeDefinition, type ValueType } from './types.ts';

const gc = featureIndex('gc');
const multiValue = featureIndex('multi-value');
const functionReferences = featureIndex('function-references');
const exceptionHandling = featureIndex('exception-handling');
const referenceTypes = featureIndex('reference-types');
const simd = featureIndex('simd');

const claimedForms = new Map([
  [0x5d, 'stack switching'],
  [0x65, 'shared-everything threads'],
  [0x4d, 'custom descriptors'],
  [0x4c, 'custom descriptors'],
]);

/** Reads the definitions of the type section: functions, structs, arrays, with their recursion groups and supertypes. */
export function readTypes(cursor: Cursor, types: TypeDefinition[], use: FeatureUse): number {
  const groups = cursor.u32();
  for (let group = 0; group < groups; group++) {
    const start = cursor.position;
    let size = 1;
    if (cursor.bytes[start] === 0x4e && start < cursor.end) {
      cursor.byte();
      use.note(gc, start);
      size = cursor.u32();
    }
    const first = types.length;
    if (size > engineLimits.types - first) throw exceeded('engine', 'types', engineLimits.types, start);
    // Inside its group a type may name every type of the group, also later ones.
    for (let i = 0; i < size; i++) types.push(readSubtype(cursor, first, first + size, use));
  }
  return groups;
}

function readSubtype(cursor: Cursor, group: number, typeCount: number, use: FeatureUse): TypeDefinition {
  const start = cursor.position;
  const form = cursor.bytes[start];
  let supertype: number | null = null;
  let isFinal = true;
  if ((form === 0x50 || form === 0x4f) && start < cursor.end) {
    cursor.byte();
    use.note(gc, start);
    isFinal = form === 0x4f;
    const supertypes = cursor.u32();
    if (supertypes > 1) throw malformed('expected at most one supertype', start);
    if (supertypes === 1) supertype = readSupertype(cursor, typeCount);
  }
  return { ...readComposite(cursor, typeCount, use), supertype, isFinal, group };
}

function readSupertype(cursor: Cursor, typeCount: number): number {
  const start = cursor.position;
  const index = cursor.u32();
  if (index >= typeCount) throw malformed(`expected a type index below ${typeCount}, found ${index}`, start);
  return index;
}

type Composite =
  | { kind: 'function'; params: ValueType[]; results: ValueType[] }
  | { kind: 'struct'; fields: FieldType[] }
  | { kind: 'array'; element: FieldType };

function readComposite(cursor: Cursor, typeCount: number, use: FeatureUse): Composite {
  const start = cursor.position;
  const form = cursor.byte();
  switch (form) {
    case 0x60: {
      const params = readVector(cursor, engineLimits.params, 'parameters', () => readType(cursor, typeCount, use));
      const results = readVector(cursor, engineLimits.results, 'results', () => readType(cursor, typeCount, use));
      if (results.length > 1) use.note(multiValue, start);
      return { kind: 'function', params, results };
    }
    case 0x5f:
      use.note(gc, start);
      return {
        kind: 'struct',
        fields: readVector(cursor, engineLimits.structFields, 'fields', () => readField(cursor, typeCount, use)),
      };
    case 0x5e:
      use.note(gc, start);
      return { kind: 'array', element: readField(cursor, typeCount, use) };
    default: {
      const claim = claimedForms.get(form);
      if (claim !== undefined) throw unsupported(claim, start);
      throw malformed(`expected a type definition, found 0x${form.toString(16).padStart(2, '0')}`, start);
    }
  }
}

function readVector<T>(cursor: Cursor, bound: number, what: string, readItem: () => T): T[] {
  const start = cursor.position;
  const count = cursor.u32();
  if (count > bound) throw exceeded('engine', what, bound, start);
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(readItem());
  return items;
}

function readField(cursor: Cursor, typeCount: number, use: FeatureUse): FieldType {
  const packed = cursor.bytes[cursor.position];
  let type: ValueType;
  if (packed === 0x78 || packed === 0x77) {
    cursor.byte();
    type = packed === 0x78 ? 'i8' : 'i16';
  } else type = readType(cursor, typeCount, use);
  return { type, isMutable: readMutability(cursor) };
}

/** Reads the byte that says whether a field or global can change. */
export function readMutability(cursor: Cursor): boolean {
  const byte = cursor.byte();
  if (byte > 1) throw malformed('expected 0 (constant) or 1 (mutable)', cursor.position - 1);
  return byte === 1;
}

/** Reads a value type and notes the proposal that it comes from. */
export function readType(cursor: Cursor, typeCount: number, use: FeatureUse): ValueType {
  const start = cursor.position;
  const type = readValueType(cursor, typeCount);
  if (type === 'v128') use.note(simd, start);
  else if (type === 'exnref' || type === 'nullexnref') use.note(exceptionHandling, start);
  else if (type === 'funcref' || type === 'externref') use.note(referenceTypes, start);
  else if (type.startsWith('(ref')) use.note(functionReferences, start);
  else if (type.endsWith('ref')) use.note(gc, start);
  return type;
}
