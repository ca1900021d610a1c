import { createContext, useContext, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** One thing the user can do. Palette, shortcuts, tooltips and the sheet all read it from the registry. */
export type Command = {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** tinykeys notation: `$mod` is written `Mod` here */
  readonly shortcut?: string;
  /** more ways to press it, not shown in tooltips */
  readonly aliases?: readonly string[];
  readonly keywords?: string;
  /** why it cannot be done now; absent when it can */
  readonly blocked?: string | undefined;
  readonly run: () => void;
};

export type CommandState = { readonly commands: ReadonlyMap<string, Command> };
export type CommandRegistry = StoreApi<CommandState> & { add(commands: readonly Command[]): () => void };

/** The one registry of a window. */
export function createCommandRegistry(): CommandRegistry {
  const store = createStore<CommandState>(() => ({ commands: new Map() }));
  const add = (commands: readonly Command[]) => {
    store.setState((state) => {
      const next = new Map(state.commands);
      for (const command of commands) next.set(command.id, command);
      return { commands: next };
    });
    return () =>
      store.setState((state) => {
        const next = new Map(state.commands);
        for (const command of commands) if (next.get(command.id) === command) next.delete(command.id);
        return { commands: next };
      });
  };
  return Object.assign(store, { add });
}

const RegistryContext = createContext<CommandRegistry | null>(null);
export const CommandProvider = RegistryContext.Provider;

export function useRegistry(): CommandRegistry {
  const registry = useContext(RegistryContext);
  if (registry === null) throw new Error('no command registry is provided');
  return registry;
}

/** Registers commands while the component is mounted; what they do is always that of the last render. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useRegistry();
  const latest = useRef(commands);
  latest.current = commands;
  const shape = JSON.stringify(commands.map(({ run: _run, ...rest }) => rest));
  useEffect(() => {
    const stable = (JSON.parse(shape) as Omit<Command, 'run'>[]).map((command) => ({
      ...command,
      run: () => latest.current.find((candidate) => candidate.id === command.id)?.run(),
    }));
    return registry.add(stable);
  }, [registry, shape]);
}

const selectCommands = (state: CommandState) => state.commands;

export function useCommandList(): Command[] {
  return [...useStore(useRegistry(), selectCommands).values()];
}

/** The commands that match every word, those whose title starts with the text first. */
export function searchCommands(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  const hits = commands.filter((command) => {
    const hay = `${command.title} ${command.group} ${command.keywords ?? ''}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const score = (command: Command) => {
    const title = command.title.toLowerCase();
    if (title.startsWith(words[0] ?? '')) return 0;
    return words.every((word) => title.includes(word)) ? 1 : 2;
  };
  return hits.sort((a, b) => score(a) - score(b));
}
