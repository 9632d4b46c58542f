// What moves on a page by itself, as the browser measures it: each layout shift that no one's press has just caused.

/**
 * Has every page of a window collect its shifts, and be drawn at least once between all that it asks for: over loopback an
 * answer comes before anything is drawn without it, which would hide what moves once it is there.
 */
export async function watchShifts({ context, page }) {
  await context.addInitScript(() => {
    window.shifts = [];
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
    const keep = ({ value, hadRecentInput, sources }) => {
      if (hadRecentInput) return;
      const moved = sources.map(({ node, previousRect, currentRect }) => {
        const element = node instanceof Element ? node : node?.parentElement;
        return `${element?.localName}.${element?.className}: ${place(previousRect)} → ${place(currentRect)}`;
      });
      window.shifts.push({ value, moved });
    };
    new PerformanceObserver((list) => list.getEntries().forEach(keep)).observe({ type: 'layout-shift', buffered: true });
  });
  const drawn = () =>
    page.evaluate(async () => {
      // What comes in by and by, as grey rows do, is there; what goes round is not waited for.
      const ends = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity);
      await Promise.all(ends.map((animation) => animation.finished.catch(() => {})));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
  await context.route(/\/graphql$|\/split_\w+\.wasm$/, async (route) => {
    // The page that asked may be gone by then.
    await drawn().catch(() => {});
    await route.continue().catch(() => {});
  });
}

/** The shifts of a page so far. */
export async function shifts(window) {
  await window.drawn();
  return window.page.evaluate(() => window.shifts);
}
