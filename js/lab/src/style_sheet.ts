/** Puts a stylesheet into the page. */
export function addStyleSheet(text: string): void {
  const element = document.createElement('style');
  element.textContent = text;
  document.head.append(element);
}
