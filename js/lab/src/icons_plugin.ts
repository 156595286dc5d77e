/**
 * The page's icons, kept in the page.
 *
 * JupyterLab shows one icon while a kernel is busy and another while it is not, and the browser fetches it anew at each
 * turn: two requests for each message of a widget, which the server answers while the kernel's answer waits.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

export const icons: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:icons',
  description: "Keeps the page's icons in the page, so that no click on a widget waits for them.",
  autoStart: true,
  activate: (_: JupyterFrontEnd) => {
    for (const link of Array.from(document.querySelectorAll<HTMLLinkElement>('link.favicon'))) {
      keep(link).catch(() => undefined); // it is fetched as ever
    }
  }
};

async function keep(link: HTMLLinkElement): Promise<void> {
  const answer = await fetch(link.href);
  if (!answer.ok) {
    return;
  }
  const reader = new FileReader();
  reader.addEventListener('load', () => (link.href = String(reader.result)));
  reader.readAsDataURL(await answer.blob());
}
