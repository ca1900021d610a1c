import type { ModuleReport } from '../../../shared/model/module-report.ts';
import { inspect, type MeteredModule, meter, WasmError } from '../../wasm/index.ts';
import { engineBuiltins } from './imports.ts';
import { type Preparation, preparationKey } from './preparation.ts';
import type { CompiledModule, Inspection, StaticLimits } from './protocol.ts';
import type { FrameMap } from './traps.ts';

/** A module ready to be instantiated, and the way back from its offsets to the original's. */
export type PreparedModule = {
  readonly module: WebAssembly.Module;
  readonly frames: FrameMap;
};

/** The one module this worker serves: its bytes, and what was made of them. */
export class LoadedModule {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #reports = new Map<string, ModuleReport>();
  readonly #prepared = new Map<string, PreparedModule>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes as Uint8Array<ArrayBuffer>;
  }

  /** What the reader says. @throws WasmError also at a static limit */
  report(statics: StaticLimits): ModuleReport {
    const key = JSON.stringify(statics);
    const known = this.#reports.get(key);
    if (known !== undefined) return known;
    const report = inspect(this.#bytes, { limits: statics });
    this.#reports.set(key, report);
    return report;
  }

  /**
   * Rewrites and compiles for these limits, or takes what another worker of this process compiled for them.
   * @throws WasmError when the meter refuses; CompileError when V8 does
   */
  prepare(preparation: Preparation, shared: CompiledModule | null): Prepared {
    const key = preparationKey(preparation);
    const known = this.#prepared.get(key);
    if (known !== undefined) return { prepared: known, compiled: null };
    const rewrite = () => meter(this.#bytes, { ...preparation, limits: preparation.statics });
    const fromOther = shared?.key === key ? (shared.module as WebAssembly.Module) : null;
    const module = fromOther ?? compile(rewrite().bytes);
    const prepared = { module, frames: lazyFrames(rewrite) };
    this.#prepared.set(key, prepared);
    return { prepared, compiled: fromOther === null ? { key, module } : null };
  }

  /** Reads the module and tries to compile it, without running anything of it. Never throws for what a module is. */
  inspect(preparation: Preparation): { inspection: Inspection; compiled: CompiledModule | null } {
    const from = performance.now();
    try {
      const report = this.report(preparation.statics);
      const inspectMs = performance.now() - from;
      const { denial, compiled } = this.#tryPrepare(preparation);
      return { inspection: { isReadable: true, report, denial, inspectMs }, compiled };
    } catch (error) {
      if (!(error instanceof WasmError)) throw error;
      const { reason, offset, message } = error;
      return { inspection: { isReadable: false, reason, offset, message }, compiled: null };
    }
  }

  /** What keeps the module from running under any policy, or null. */
  #tryPrepare(preparation: Preparation): { denial: string | null; compiled: CompiledModule | null } {
    try {
      return { denial: null, compiled: this.prepare(preparation, null).compiled };
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) return { denial: error.message, compiled: null };
      if (!(error instanceof WasmError)) throw error;
      // A limit that a policy can raise is the run's affair.
      const isPolicy = error.limit?.name === 'memoryBytes' || error.limit?.name === 'tableElements';
      return { denial: isPolicy ? null : error.message, compiled: null };
    }
  }
}

type Prepared = { readonly prepared: PreparedModule; readonly compiled: CompiledModule | null };

/** Rewrites once more when the first trap asks for its place: most never do, and the map is larger than the module. */
function lazyFrames(rewrite: () => MeteredModule): FrameMap {
  let metered: MeteredModule | undefined;
  const known = (): MeteredModule => {
    metered ??= rewrite();
    return metered;
  };
  return {
    originalOffset: (offset) => known().originalOffset(offset),
    originalFunction: (index) => known().originalFunction(index),
    functionName: (index) => known().functionName(index),
  };
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const Module = WebAssembly.Module as new (bytes: BufferSource, options: object) => WebAssembly.Module;
  return new Module(bytes, { builtins: [...engineBuiltins] });
}
