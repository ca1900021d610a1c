/** Asks for files with the browser's own dialog; nothing is called when it is closed without choosing. */
export function chooseFiles(options: { isMany: boolean; accept?: string }, onFiles: (files: File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = options.isMany;
  if (options.accept !== undefined) input.accept = options.accept;
  input.onchange = () => onFiles([...(input.files ?? [])]);
  input.click();
}
