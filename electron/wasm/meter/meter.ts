import { CodeReader } from '../code-reader.ts';
import { engineLimits } from '../engine-limits.ts';
import { unsupported } from '../error.ts';
import { featureIndex } from '../features.ts';
import { readNames } from '../names.ts';
import { readModule } from '../reader.ts';
import { growMemoryBody, growTableBody } from './added.ts';
import { Emitter, type Replacements } from './emitter.ts';
import { type CallKinds, EventList } from './events.ts';
import { Flow } from './flow.ts';
import { type FormChooser, fastForms, simpleForms } from './forms.ts';
import { HintWriter, readHints } from './hints.ts';
import { OffsetMap } from './offsets.ts';
import { boundedMaximum, type MeterOptions, Plan, tooLarge } from './plan.ts';
import { writeModule } from './sections.ts';

/** A metered module, and the way back from it to the original for traps and traces. */
export type MeteredModule = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** whether `glovebox.start` is there and must be called before anything else */
  readonly hasStart: boolean;
  /** every memory, imported ones first; `maxPages` is what the metered module declares */
  readonly memories: readonly { isImported: boolean; is64: boolean; minPages: number; maxPages: number }[];
  /** byte offset in the original of a byte offset in the metered module; null for code that was added and outside code */
  originalOffset(meteredOffset: number): number | null;
  /** function index in the original of one in the metered module; null for a function that was added */
  originalFunction(meteredIndex: number): number | null;
  /** the name that the module's name section gives a function of the metered module */
  functionName(meteredIndex: number): string | null;
};

/**
 * Rewrites a module so that it counts its fuel, asks for more through `refuel`, and keeps its memories and tables within
 * the limits (DESIGN §4). What it adds lies behind what the module has, so no index moves.
 * Whether operands have the right types is left to the engine, which must compile the result; every index and label is
 * checked here, so the result is valid exactly when the original is.
 * @throws WasmError when the module is malformed, unsupported or beyond a limit
 */
export function meter(bytes: Uint8Array, options: MeterOptions): MeteredModule {
  const read = readModule(bytes, options.limits);
  const plan = new Plan(read, options);
  const { module } = plan;
  const offsets = new OffsetMap();
  const hints = new HintWriter();
  const forms = options.form === 'simple' ? simpleForms() : fastForms(plan);
  const emitter = new Emitter(plan, replacements(plan, forms), offsets, hints);
  writeBodies(plan, emitter, forms);
  if (options.isDeterministic) refuseRelaxedSimd(plan);
  plan.checkEngineLimits();
  const written = writeModule(plan, emitter.code.view(), hints.finish());
  offsets.setBase(written.codeOffset);
  const originalFunction = (index: number): number | null => {
    if (index < plan.slowFunction) return index;
    const body = plan.addedFunctions[index - plan.slowFunction]?.body;
    return body !== undefined && 'copyOf' in body ? body.copyOf : null;
  };
  let names: ReadonlyMap<number, string> | undefined;
  return {
    bytes: written.bytes,
    hasStart: module.start !== null,
    memories: module.memories.map(({ isImported, limits }) => ({
      isImported,
      is64: limits.is64,
      minPages: Number(limits.min),
      maxPages: Number(boundedMaximum(limits, plan.pageLimit, engineLimits.memory32Pages)),
    })),
    originalOffset: (offset) => offsets.originalOffset(offset),
    originalFunction,
    functionName: (index) => {
      names ??= readNames(module).functions;
      return names.get(originalFunction(index) ?? -1) ?? null;
    },
  };
}

function writeBodies(plan: Plan, emitter: Emitter, forms: FormChooser): void {
  const { module } = plan;
  const code = new CodeReader(module);
  const events = new EventList();
  const flow = new Flow();
  const ownHints = readHints(module);
  const callKind: CallKinds = (op, first) => forms.callKind(op, first);
  const floats = plan.options.isDeterministic === true;
  const write = (index: number, as: number, locals: boolean): void => {
    events.read(code, index, { floats, locals }, callKind);
    flow.place(events, forms, forms.isSimple);
    const hints = ownHints.get(module.importedFunctions + index);
    const size = emitter.emit(index, as, events, flow, forms.formOf(as, events), hints);
    if (size > engineLimits.functionBytes) {
      throw tooLarge('bytes in a function body', engineLimits.functionBytes, module.bodyStarts[index]!);
    }
  };
  for (let i = 0; i < module.bodyStarts.length; i++) write(i, module.importedFunctions + i, false);
  // Copies may still add functions that grow a memory, so the list is read as it grows.
  for (let position = 0; position < plan.addedFunctions.length; position++) {
    const { body } = plan.addedFunctions[position]!;
    if ('copyOf' in body) {
      write(body.copyOf - module.importedFunctions, plan.slowFunction + position, body.place === 'threaded');
    } else {
      emitter.code.unsigned(body.length);
      emitter.code.append(body);
    }
  }
}

function replacements(plan: Plan, forms: FormChooser): Replacements {
  const memories = new Map<number, number>();
  const tables = new Map<number, number>();
  const addOnce = (known: Map<number, number>, index: number, add: () => number): number => {
    const there = known.get(index) ?? add();
    known.set(index, there);
    return there;
  };
  return {
    callKind: (op, first) => forms.callKind(op, first),
    callee: (index) => forms.calleeOf(index),
    growMemory: (index) =>
      addOnce(memories, index, () => {
        const address = plan.module.memories[index]!.limits.is64 ? 'i64' : 'i32';
        return plan.addFunction({ type: plan.functionType([address], [address]), body: growMemoryBody(plan, index) });
      }),
    growTable: (index) =>
      addOnce(tables, index, () => {
        const { element, limits } = plan.module.tables[index]!;
        const address = limits.is64 ? 'i64' : 'i32';
        const type = plan.functionType([element, address], [address]);
        return plan.addFunction({ type, body: growTableBody(plan, index) });
      }),
  };
}

function refuseRelaxedSimd({ module }: Plan): void {
  const offset = module.features.firstOffset[featureIndex('relaxed-simd')]!;
  if (offset >= 0) throw unsupported('relaxed SIMD, whose results differ between machines,', offset);
}
