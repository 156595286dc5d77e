/** What each of many widgets carries instead of the whole module: the way to the one model of the kernel that holds it. */

import type { Model } from './core/host';
import { moduleOf } from './core/modules';

type Given = { model: Model };
type Module = { default: () => { initialize(given: Given): unknown; render(given: Given): unknown } };

export default () => {
  let widget: Promise<ReturnType<Module['default']>> | undefined;
  const whole = (model: Model) => (widget ??= moduleOf<Module>(model, 'source').then(module => module.default()));
  return {
    initialize: async (given: Given) => (await whole(given.model)).initialize(given),
    render: async (given: Given) => (await whole(given.model)).render(given),
  };
};
