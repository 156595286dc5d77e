/**
 * The plugins of the labextension, by the file that each is in: the build looks up what that needs of the page, and a
 * plugin is left out where the page does not have it.
 */
import { commands } from './commands_plugin';
import { files } from './file_plugin';
import { icons } from './icons_plugin';
import { statements } from './statements_plugin';
import { status } from './status_plugin';
import { stills } from './still_plugin';
import { timeline } from './timeline_plugin';

export const plugins = {
  statements_plugin: statements,
  file_plugin: files,
  commands_plugin: commands,
  status_plugin: status,
  timeline_plugin: timeline,
  still_plugin: stills,
  icons_plugin: icons
};
