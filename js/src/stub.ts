/**
 * What each of many widgets carries instead of the whole module: the way to the one model of the kernel that holds it.
 *
 * A host keeps a copy of a widget's module with every widget. So there is one model with the module's text, which the
 * others name in `runtime`; here it is imported once for a page, whichever of them is shown first.
 */

import type { Model } from './core/host';

type Given = { model: Model };
type Module = { default: () => { initialize(given: Given): unknown; render(given: Given): unknown } };

const TRIES = 40;
const PAUSE = 100; // ms: when a page is loaded anew, the models come in any order

const modules = ((globalThis as { sideflowModules?: Map<string, Promise<Module>> }).sideflowModules ??= new Map());

const text = async (model: Model): Promise<string> => {
  const name = String(model.get('runtime')).replace('IPY_MODEL_', '');
  for (let turn = 1; ; turn += 1) {
    try {
      const runtime = await model.widget_manager!.get_model!(name);
      return (runtime as { get(name: string): string }).get('source');
    } catch (error) {
      if (turn === TRIES) throw error;
      await new Promise(resolve => setTimeout(resolve, PAUSE));
    }
  }
};

const imported = (source: string): Promise<Module> => {
  let module = modules.get(source);
  if (!module) {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    module = import(/* @vite-ignore */ url) as Promise<Module>;
    modules.set(source, module);
    void module.finally(() => URL.revokeObjectURL(url)).catch(() => modules.delete(source));
  }
  return module;
};

export default () => {
  let widget: Promise<ReturnType<Module['default']>> | undefined;
  const whole = (model: Model) => (widget ??= text(model).then(imported).then(module => module.default()));
  return {
    initialize: async (given: Given) => (await whole(given.model)).initialize(given),
    render: async (given: Given) => (await whole(given.model)).render(given),
  };
};
