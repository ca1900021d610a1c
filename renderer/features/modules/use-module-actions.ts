import { navigate } from '../../lib/hash-route.ts';
import { useModuleStore } from './context.ts';
import type { ModuleState } from './store.ts';

const selectAddFiles = (state: ModuleState) => state.addFiles;

/** Opening and dropping: a single accepted file is shown at once, several stay in the list. */
export function useModuleActions(): { addFiles: (files: readonly File[]) => void; openDialog: () => void } {
  const add = useModuleStore(selectAddFiles);
  const addFiles = (files: readonly File[]) => {
    if (files.length === 0) return;
    if (!window.location.hash.startsWith('#/modules')) navigate('/modules');
    void add(files).then((digests) => {
      // Who went elsewhere meanwhile is not called back.
      const isStillHere = window.location.hash.startsWith('#/modules');
      if (isStillHere && digests.length === 1 && files.length === 1) navigate(`/modules/${digests[0]}`);
    });
  };
  const openDialog = () => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = '.wasm,.sealed,application/wasm';
    input.onchange = () => addFiles([...(input.files ?? [])]);
    input.click();
  };
  return { addFiles, openDialog };
}
