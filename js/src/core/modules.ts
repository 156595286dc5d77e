/**
 * Modules that come as texts, for hosts of widgets hand out models, not files. Each is imported once for a page.
 *
 * A host keeps a copy of what is in a widget with every widget. So the texts are in one model of the kernel, which the
 * others name in `runtime`; where widgets do not reach it, they are in each widget itself.
 */

import type { Model } from './host';

const TRIES = 40;
const PAUSE = 100; // ms: when a page is loaded anew, the models come in any order

const modules = ((globalThis as { sideflowModules?: Map<string, Promise<unknown>> }).sideflowModules ??= new Map());

/** The module whose text is in a trait, as soon as that is there. */
export async function moduleOf<Module>(model: Model, trait: string): Promise<Module> {
  return imported(await textOf(model, trait)) as Promise<Module>;
}

async function textOf(model: Model, trait: string): Promise<string> {
  const name = String(model.get('runtime') ?? '').replace('IPY_MODEL_', '');
  for (let turn = 1; ; turn += 1) {
    try {
      const holder = name ? await model.widget_manager!.get_model!(name) : model;
      const text = holder.get(trait) as string | undefined;
      if (text) return text;
      throw new Error(`flow: the kernel sent no ${trait}`);
    } catch (error) {
      if (turn === TRIES) throw error;
      await new Promise(resolve => setTimeout(resolve, PAUSE));
    }
  }
}

function imported(text: string): Promise<unknown> {
  let module = modules.get(text);
  if (!module) {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    module = import(/* @vite-ignore */ url) as Promise<unknown>;
    modules.set(text, module);
    void module.finally(() => URL.revokeObjectURL(url)).catch(() => modules.delete(text));
  }
  return module;
}
