import type { Page } from "playwright-core";

/** The contrast of every piece of text in a page with what is behind it, as WCAG 2 computes it. */
export function contrasts(page: Page): Promise<{ text: string; contrast: number }[]> {
  return page.evaluate(() => {
    const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (pixel === null) throw new Error("There is no canvas.");
    const luminance = (...colors: string[]) => {
      pixel.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        pixel.fillStyle = color;
        pixel.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = [...pixel.getImageData(0, 0, 1, 1).data].map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const found: { text: string; contrast: number }[] = [];
    for (const element of document.body.querySelectorAll("*")) {
      const text = [...element.childNodes]
        .map((node) => (node.nodeType === 3 ? node.nodeValue : ""))
        .join("")
        .trim();
      if (text === "" || element.checkVisibility() === false) continue;
      const behind: string[] = [];
      for (let parent: Element | null = element; parent !== null; parent = parent.parentElement) {
        behind.unshift(getComputedStyle(parent).backgroundColor);
      }
      const [one, other] = [luminance(...behind), luminance(...behind, getComputedStyle(element).color)];
      found.push({ text, contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) });
    }
    return found;
  });
}
