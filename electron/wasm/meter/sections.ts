import { PAGE_BYTES } from '../../../shared/units.ts';
import { ByteWriter } from '../byte-writer.ts';
import { engineLimits } from '../engine-limits.ts';
import type { Limits, Module, Section } from '../module.ts';
import { sectionOrder } from '../module.ts';
import { abi, boundedMaximum, type Plan, tooLarge } from './plan.ts';

/** The metered module, and where the content of its code section begins behind the number of bodies. */
export type WrittenModule = { readonly bytes: Uint8Array<ArrayBuffer>; readonly codeOffset: number };

type Writer = (out: ByteWriter, section: Section | undefined) => void;

const FUNCREF = 0x70;
const I64 = 0x7e;
const placeOf = new Map<number, number>(sectionOrder.map((id, place) => [id, place]));

/**
 * Writes the metered module: every section of the original in its place, with the additions at the end of theirs, the
 * maxima bounded, the start section left out and the code replaced. Custom sections are kept where they stand, but for
 * those that name places in the code, which have moved.
 */
export function writeModule(plan: Plan, code: Uint8Array, hints: Uint8Array | null): WrittenModule {
  const { module } = plan;
  const out = new ByteWriter(module.bytes.length + (code.length >> 1) + 4096);
  out.copy(module.bytes, 0, 8);
  const writers = sectionWriters(plan);
  let codeOffset = 0;
  let place = 0;
  const writeUpTo = (end: number): void => {
    for (; place < end; place++) {
      const id = sectionOrder[place]!;
      const section = module.sections.find((each) => each.id === id);
      if (id === 10) codeOffset = writeCode(out, plan, code, hints);
      else writeSection(out, module, id, section, writers.get(id));
    }
  };
  for (const section of module.sections) {
    if (section.id !== 0) writeUpTo(placeOf.get(section.id)! + 1);
    else if (!section.name.startsWith('metadata.code.')) out.copy(module.bytes, section.start, section.end);
  }
  writeUpTo(sectionOrder.length);
  if (out.length > engineLimits.moduleBytes) throw tooLarge('bytes', engineLimits.moduleBytes);
  return { bytes: out.view().slice() as Uint8Array<ArrayBuffer>, codeOffset };
}

function writeSection(
  out: ByteWriter,
  module: Module,
  id: number,
  section: Section | undefined,
  writer: Writer | undefined,
): void {
  if (id === 8) return;
  if (writer === undefined) {
    if (section !== undefined) out.copy(module.bytes, section.start, section.end);
    return;
  }
  const content = new ByteWriter((section === undefined ? 0 : section.end - section.offset) + 256);
  writer(content, section);
  if (content.length === 0) return;
  out.byte(id);
  out.unsigned(content.length);
  out.append(content.view());
}

function writeCode(out: ByteWriter, plan: Plan, code: Uint8Array, hints: Uint8Array | null): number {
  if (hints !== null) {
    out.byte(0);
    out.unsigned(hints.length);
    out.append(hints);
  }
  const count = new ByteWriter(8);
  count.unsigned(plan.module.bodyStarts.length + plan.addedFunctions.length);
  out.byte(10);
  out.unsigned(count.length + code.length);
  out.append(count.view());
  const offset = out.length;
  out.append(code);
  return offset;
}

function sectionWriters(plan: Plan): ReadonlyMap<number, Writer> {
  const { module } = plan;
  const pages = (limits: Limits): bigint => boundedMaximum(limits, plan.pageLimit, engineLimits.memory32Pages);
  const elements = (limits: Limits): bigint => boundedMaximum(limits, plan.options.tableElements, 0xffff_ffff);
  const memoryLimits = module.memories.map(({ limits, isImported }) => ({ limits, isImported, max: pages(limits) }));
  const tableLimits = module.tables.map(({ limits, isImported }) => ({ limits, isImported, max: elements(limits) }));
  const imported = [...memoryLimits, ...tableLimits]
    .filter((each) => each.isImported)
    .sort((a, b) => a.limits.start - b.limits.start);
  const writers = new Map<number, Writer>([
    [1, (out, section) => extend(out, module, section, plan.addedTypes)],
    [2, (out, section) => section && bound(out, module, section, imported, section.offset)],
    [
      3,
      (out, section) =>
        extend(
          out,
          module,
          section,
          plan.addedFunctions.map(({ type }) => unsigned(type)),
        ),
    ],
    [
      4,
      (out, section) => {
        const own = tableLimits.filter((each) => !each.isImported);
        const refuel = Uint8Array.of(FUNCREF, 1, 1, 1);
        extend(out, module, section, [refuel], (at) => section && bound(out, module, section, own, at));
      },
    ],
    [
      5,
      (out, section) => {
        const own = memoryLimits.filter((each) => !each.isImported);
        if (section) bound(out, module, section, own, section.offset);
      },
    ],
    [6, (out, section) => extend(out, module, section, addedGlobals(plan))],
    [7, (out, section) => extend(out, module, section, addedExports(plan))],
  ]);
  return writers;
}

/** Writes a vector section with entries added behind its own; `copyOwn` writes those from an offset on. */
function extend(
  out: ByteWriter,
  module: Module,
  section: Section | undefined,
  added: readonly Uint8Array[],
  copyOwn?: (start: number) => void,
): void {
  out.unsigned((section?.count ?? 0) + added.length);
  if (section !== undefined) {
    let start = section.offset;
    while (module.bytes[start]! >= 0x80) start++;
    if (copyOwn !== undefined) copyOwn(start + 1);
    else out.copy(module.bytes, start + 1, section.end);
  }
  for (const entry of added) out.append(entry);
}

/** Copies a section from `start` on with the limits in it rewritten to their new maxima. */
function bound(
  out: ByteWriter,
  module: Module,
  section: Section,
  entries: readonly { readonly limits: Limits; readonly max: bigint }[],
  start: number,
): void {
  let copied = start;
  for (const { limits, max } of entries) {
    out.copy(module.bytes, copied, limits.start);
    out.byte(1 | (limits.isShared ? 2 : 0) | (limits.is64 ? 4 : 0));
    out.unsigned64(limits.min);
    out.unsigned64(max);
    copied = limits.end;
  }
  out.copy(module.bytes, copied, section.end);
}

function addedGlobals(plan: Plan): Uint8Array[] {
  const pages = plan.module.memories.reduce((sum, { limits }) => sum + Number(limits.min), 0);
  return [plan.options.initialFuel ?? 0, pages * PAGE_BYTES, 0, 0].map((value) => {
    const entry = new ByteWriter(16);
    entry.put(I64, 1, 0x42);
    entry.signed(value);
    entry.byte(0x0b);
    return entry.view();
  });
}

function addedExports(plan: Plan): Uint8Array[] {
  const entry = (name: string, kind: number, index: number): Uint8Array => {
    const out = new ByteWriter(32);
    out.name(name);
    out.byte(kind);
    out.unsigned(index);
    return out.view();
  };
  const { start } = plan.module;
  return [
    entry(abi.fuel, 3, plan.fuelGlobal),
    entry(abi.refuel, 1, plan.refuelTable),
    entry(abi.memory, 3, plan.memoryGlobal),
    entry(abi.refused, 3, plan.refusedGlobal),
    entry(abi.refusedElements, 3, plan.refusedElementsGlobal),
    ...(start === null ? [] : [entry(abi.start, 0, start)]),
  ];
}

function unsigned(value: number): Uint8Array {
  const out = new ByteWriter(8);
  out.unsigned(value);
  return out.view();
}
