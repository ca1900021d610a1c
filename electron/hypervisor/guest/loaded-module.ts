import type { ModuleReport } from '../../../shared/model/module-report.ts';
import { inspect, WasmError } from '../../wasm/index.ts';
import { engineBuiltins } from './imports.ts';
import { preparationKey } from './preparation-key.ts';
import type { CompiledModule, Execution, Inspection, StaticLimits } from './protocol.ts';
import type { FrameMap } from './traps.ts';

/** A module ready to be instantiated, and the way back from its offsets to the original's. */
export type PreparedModule = {
  readonly module: WebAssembly.Module;
  readonly frames: FrameMap | null;
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
  prepare(
    execution: Execution,
    shared: CompiledModule | null,
  ): { prepared: PreparedModule; compiled: CompiledModule | null } {
    const key = preparationKey(execution);
    const known = this.#prepared.get(key);
    if (known !== undefined) return { prepared: known, compiled: null };
    const fromOther = shared?.key === key ? (shared.module as WebAssembly.Module) : null;
    const module = fromOther ?? compile(this.#bytes);
    const prepared = { module, frames: null };
    this.#prepared.set(key, prepared);
    return { prepared, compiled: fromOther === null ? { key, module } : null };
  }

  /** Reads the module and tries to compile it, without running anything of it. Never throws. */
  inspect(statics: StaticLimits): Inspection {
    const from = performance.now();
    try {
      const report = this.report(statics);
      const inspectMs = performance.now() - from;
      return { isReadable: true, report, denial: this.#findDenial(), inspectMs };
    } catch (error) {
      if (!(error instanceof WasmError)) throw error;
      const { reason, offset, message } = error;
      return { isReadable: false, reason, offset, message };
    }
  }

  #findDenial(): string | null {
    try {
      compile(this.#bytes);
      return null;
    } catch (error) {
      if (error instanceof WasmError || error instanceof WebAssembly.CompileError) return error.message;
      throw error;
    }
  }
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const Module = WebAssembly.Module as new (bytes: BufferSource, options: object) => WebAssembly.Module;
  return new Module(bytes, { builtins: [...engineBuiltins] });
}
