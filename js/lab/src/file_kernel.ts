/** Which kernel a script runs in, and which files are scripts. */
import type { KernelSpec } from '@jupyterlab/services';

/** Python files, the windowed ones of Windows too. Stubs are not run. */
export function isScript(path: string): boolean {
  return /\.pyw?$/i.test(path);
}

/** The name of the kernelspec that starts an rdit kernel, or undefined where the server has none. */
export function rditSpec(specs: KernelSpec.ISpecModels | null): string | undefined {
  const found = Object.values(specs?.kernelspecs ?? {}).filter(spec => spec && startsRdit(spec));
  return (found.find(spec => spec?.name === 'rdit') ?? found[0])?.name;
}

/** `python -m rdit kernel`, or rdit by its own path. */
function startsRdit({ name, argv = [] }: KernelSpec.ISpecModel): boolean {
  return name === 'rdit' || argv.some(part => /(^|[/\\])rdit(\.exe)?$/i.test(part));
}
