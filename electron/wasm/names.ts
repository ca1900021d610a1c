import { Cursor } from './cursor.ts';
import type { Module } from './module.ts';

/** What the `name` custom section says; damaged or missing parts are left out, never an error. */
export type Names = { readonly moduleName: string | null; readonly functions: ReadonlyMap<number, string> };

/** Reads the `name` section (WebAssembly core specification, appendix, §7.4.1). */
export function readNames(module: Module): Names {
  const section = module.sections.find((each) => each.id === 0 && each.name === 'name');
  const functions = new Map<number, string>();
  let moduleName: string | null = null;
  if (section === undefined) return { moduleName, functions };
  const cursor = new Cursor(module.bytes, section.contentOffset, section.end);
  try {
    while (cursor.position < section.end) {
      cursor.end = section.end;
      const id = cursor.byte();
      const size = cursor.u32();
      const end = cursor.position + size;
      cursor.end = Math.min(end, section.end);
      if (id === 0) moduleName = cursor.name();
      else if (id === 1) readNameMap(cursor, functions);
      cursor.position = end;
    }
  } catch {
    // Names are for people: what was read before the damage is kept.
  }
  return { moduleName, functions };
}

function readNameMap(cursor: Cursor, names: Map<number, string>): void {
  const count = cursor.u32();
  for (let i = 0; i < count; i++) {
    const index = cursor.u32();
    names.set(index, cursor.name());
  }
}

export type Producer = { readonly field: string; readonly name: string; readonly version: string };

/** Reads the `producers` section of the tool conventions; damage ends the list, it is never an error. */
export function readProducers(module: Module): Producer[] {
  const section = module.sections.find((each) => each.id === 0 && each.name === 'producers');
  const producers: Producer[] = [];
  if (section === undefined) return producers;
  const cursor = new Cursor(module.bytes, section.contentOffset, section.end);
  try {
    const fields = cursor.u32();
    for (let i = 0; i < fields; i++) {
      const field = cursor.name();
      const values = cursor.u32();
      for (let j = 0; j < values; j++) producers.push({ field, name: cursor.name(), version: cursor.name() });
    }
  } catch {
    // As with names.
  }
  return producers;
}
