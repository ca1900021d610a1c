import { expect, test } from 'vitest';
import {
  capabilityOf,
  isWasiFunction,
  signatureOf,
  wasiFunctionNames,
} from '../../../../electron/hypervisor/wasi/index.ts';
import { GuestStopped, WasiGuest } from '../../../support/wasi-guest.ts';
import { assemble } from '../../../support/wat.ts';

const hello = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "hello, \\00world\\n")
  (data (i32.const 0) "\\40\\00\\00\\00\\07\\00\\00\\00\\48\\00\\00\\00\\06\\00\\00\\00")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 32)))
    (call $exit (i32.load (i32.const 32)))))`;

test('a module that says hello writes to standard output and exits with what was written', () => {
  const guest = new WasiGuest();
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assemble(hello)), {
    wasi_snapshot_preview1: guest.wasi.imports,
  });
  guest.wasi.attach(instance.exports.memory as WebAssembly.Memory);
  expect(() => (instance.exports._start as () => void)()).toThrow(new GuestStopped('exit 13'));
  expect(guest.host.output).toEqual({ stdout: 'hello, world\n', stderr: '' });
});

test('there are 46 functions, in an object without a prototype that cannot be changed', () => {
  const { imports } = new WasiGuest().wasi;
  expect(wasiFunctionNames).toHaveLength(46);
  expect(Object.keys(imports)).toEqual(wasiFunctionNames);
  expect(Object.getPrototypeOf(imports)).toBeNull();
  expect(Object.isFrozen(imports)).toBe(true);
});

test('names, signatures and capabilities are known for WASI functions only', () => {
  expect(signatureOf('path_open')).toEqual({
    params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i32', 'i32'],
    results: ['i32'],
  });
  expect(signatureOf('proc_exit')).toEqual({ params: ['i32'], results: [] });
  for (const name of ['toString', '__proto__', 'fd_dup', '']) {
    expect([isWasiFunction(name), signatureOf(name), capabilityOf(name)]).toEqual([false, undefined, undefined]);
  }
  const needed = Object.groupBy(wasiFunctionNames, (name) => capabilityOf(name)!);
  expect(Object.fromEntries(Object.entries(needed).map(([capability, names]) => [capability, names.length]))).toEqual({
    args: 2,
    env: 2,
    clock: 3,
    wasi: 27,
    stdin: 1,
    files: 10,
    random: 1,
  });
});

test('once a port has ended the run, every later call ends it again', () => {
  const guest = new WasiGuest();
  expect(() => guest.call('proc_exit', 3)).toThrow('exit 3');
  expect(() => guest.call('sched_yield')).toThrow('exit 3');
  expect(() => guest.call('fd_write', 1, 0, 0, 0)).toThrow('exit 3');
});

test('arguments of the wrong type are refused, and negative ones are taken as unsigned', () => {
  const guest = new WasiGuest();
  expect(guest.call('fd_close', 3n)).toBe('inval');
  expect(guest.call('fd_seek', 1, 0, 0, 0)).toBe('inval');
  expect(guest.call('fd_close')).toBe('inval');
  expect(guest.call('fd_close', -1)).toBe('badf');
  expect(guest.call('random_get', -8, 4)).toBe('fault');
});

test.each([
  ['args', 'args_get', [0, 0]],
  ['args', 'args_sizes_get', [0, 0]],
  ['env', 'environ_get', [0, 0]],
  ['env', 'environ_sizes_get', [0, 0]],
  ['clock', 'clock_res_get', [0, 0]],
  ['clock', 'clock_time_get', [0, 0n, 0]],
  ['random', 'random_get', [0, 0]],
  ['stdin', 'fd_read', [0, 0, 0, 0]],
  ['files', 'path_open', [3, 0, 0, 0, 0, 0n, 0n, 0, 0]],
  ['files', 'path_filestat_get', [3, 0, 0, 0, 0]],
  ['wasi', 'sched_yield', []],
] as const)('without %s, %s ends the run and names both', (capability, name, args) => {
  const granted = (['wasi', 'args', 'env', 'clock', 'random', 'stdin', 'files'] as const).filter(
    (other) => other !== capability,
  );

  expect(() => new WasiGuest({ grants: granted }).call(name, ...args)).toThrow(`denied ${capability} for ${name}`);
});
