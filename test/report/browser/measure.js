// Runs in the page: what a reader would see of it.
(() => {
  /** [red, green, blue, alpha], each 0 to 1 */
  const colour = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r / 255, g / 255, b / 255, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];

  const behind = (element) => {
    const layers = [];
    for (let each = element; each !== null; each = each.parentElement) {
      const layer = colour(getComputedStyle(each).backgroundColor);
      layers.unshift(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduce((under, layer) => over(layer, under), [1, 1, 1, 1]);
  };

  // WCAG 2.1, relative luminance and contrast ratio.
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (element) => {
    const ground = behind(element);
    const ink = over(colour(getComputedStyle(element).color), ground);
    const [light, dark] = [luminance(ink), luminance(ground)].toSorted((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };

  const withText = [...document.body.querySelectorAll('*')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ''),
  );
  const visible = withText.filter((element) => element.checkVisibility() && element.getClientRects().length > 0);
  const page = document.documentElement;
  return {
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    pageWidth: page.scrollWidth,
    viewWidth: page.clientWidth,
    texts: visible.length,
    faint: visible
      .map((element) => ({ text: element.textContent.trim().slice(0, 40), contrast: contrast(element) }))
      .filter((each) => each.contrast < 4.5)
      .map((each) => `${each.text}: ${each.contrast.toFixed(2)}`),
    /** what hangs out of the page on the right, its own scrolling boxes apart */
    hanging: visible
      .filter((element) => element.closest('.scroll, .diff, .bars, .plays, .axis') === null)
      .filter((element) => element.getBoundingClientRect().right > page.clientWidth + 0.5)
      .map((element) => element.textContent.trim().slice(0, 40)),
    small: visible
      .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 12)
      .map((element) => element.textContent.trim().slice(0, 40)),
  };
})();
