// Keys as a Russian layout sends them: Cyrillic characters from the same places on the keyboard.

const russian = {
  KeyA: 'ф', KeyB: 'и', KeyC: 'с', KeyD: 'в', KeyE: 'у', KeyG: 'п', KeyJ: 'о', KeyK: 'л',
  KeyL: 'д', KeyS: 'ы', KeyX: 'ч', KeyZ: 'я', Slash: '.',
};

/** Presses keys one after the other, with Ctrl held where asked. */
export async function pressRussian(page, codes, { ctrl = false } = {}) {
  const debug = await page.context().newCDPSession(page);
  for (const code of codes.split(' ')) {
    const key = russian[code];
    const event = { code, key, modifiers: ctrl ? 2 : 0, windowsVirtualKeyCode: code.charCodeAt(3) };
    await debug.send('Input.dispatchKeyEvent', { ...event, type: 'keyDown', ...(!ctrl && { text: key }) });
    await debug.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  }
  await debug.detach();
}

/** Presses the key that writes `?` on a Russian layout: Shift and 7. */
export async function pressQuestion(page) {
  const debug = await page.context().newCDPSession(page);
  const event = { code: 'Digit7', key: '?', modifiers: 8, windowsVirtualKeyCode: 55 };
  await debug.send('Input.dispatchKeyEvent', { ...event, type: 'keyDown', text: '?' });
  await debug.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  await debug.detach();
}
