import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { UsageError } from './command.ts';

/** Flags and positional arguments of a command; a flag that may be given more than once is an array. */
export type Flags = {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  /** what came after `--`, or undefined without one */
  readonly rest: readonly string[] | undefined;
  text(name: string): string | undefined;
  texts(name: string): string[];
  isOn(name: string): boolean;
};

/** Flags that every command takes; `--data` and `--help` are read before the command sees its arguments. */
const commonFlags = { json: { type: 'boolean' } } as const satisfies ParseArgsOptionsConfig;

const NEGATIVE_VALUE = /^-(\d|\.\d|inf|nan)/i;
const SHIELD = '\u0000';

/**
 * Reads a command's arguments. A negative number is a value, never a flag.
 * @throws UsageError naming the flag that is not known or lacks its value
 */
export function readFlags(args: readonly string[], options: ParseArgsOptionsConfig): Flags {
  const end = args.indexOf('--');
  const own = (end < 0 ? args : args.slice(0, end)).map((arg) => (NEGATIVE_VALUE.test(arg) ? SHIELD + arg : arg));
  const parsed = parse(own, { ...commonFlags, ...options });
  const unshield = (text: string) => (text.startsWith(SHIELD) ? text.slice(1) : text);
  const values = parsed.values as Flags['values'];
  return {
    values,
    positionals: parsed.positionals.map(unshield),
    rest: end < 0 ? undefined : args.slice(end + 1),
    text(name) {
      const value = values[name];
      return typeof value === 'string' ? unshield(value) : undefined;
    },
    texts(name) {
      const value = values[name];
      return (Array.isArray(value) ? value : []).map((item) => unshield(String(item)));
    },
    isOn: (name) => values[name] === true,
  };
}

function parse(args: string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    throw new UsageError(message.replaceAll(SHIELD, '').replace(/^./, (first) => first.toLowerCase()));
  }
}

/** `NAME=VALUE` as a pair. @throws UsageError */
export function splitPair(flag: string, text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`--${flag} wants NAME=VALUE, not ${JSON.stringify(text)}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
