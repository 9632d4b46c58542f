// Taking something up and carrying it, by mouse and by finger.

/** The middle of what an element covers. */
export async function middle(locator) {
  await locator.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/** Takes something up with the mouse and holds it over a place. */
export async function hold(window, item, place) {
  const { mouse } = window.page;
  const from = await middle(item);
  const to = await middle(place);
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 3, from.y);
  await mouse.move(to.x, to.y, { steps: 4 });
  await window.page.locator('[data-lifted]').waitFor();
}

/** A finger on the screen of a window: what it does, and where it is then. */
export async function finger({ context, page }) {
  const session = await context.newCDPSession(page);
  return (type, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
}
