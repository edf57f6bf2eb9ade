/**
 * The script at the URL that pages name. A bundle in its place would run before `DOMContentLoaded` and `load`, in a
 * classic script as in a module; an `import()` does not wait for either. So the two events are held back until the
 * modules have run, and then dispatched again; an async script waits for nobody. A module that waits at its top level,
 * perhaps for one of these events, begins with `startSignal`: that lets them go as soon as the part before the first
 * `await` has run, which is all that a browser waits for in a module script.
 */
export function toStub(url: string): string {
  return `{
  const module = import(${JSON.stringify(url)});
  if (typeof document === "object" && document.readyState !== "complete" && !document.currentScript?.async) {
    let free;
    const started = new Promise((resolve) => (free = resolve));
    const waiting = (globalThis[Symbol.for("miqro.waiting")] ??= new Set());
    globalThis[Symbol.for("miqro.started")] ??= () => setTimeout(() => waiting.forEach((start) => start()));
    waiting.add(free);
    for (const [target, type] of [[document, "DOMContentLoaded"], [window, "load"]]) {
      const hold = (event) => {
        if (event.target !== document && event.target !== window) return;
        event.stopImmediatePropagation();
        removeEventListener(type, hold, true);
        started.then(() => target.dispatchEvent(new Event(type, { bubbles: target === document })));
      };
      addEventListener(type, hold, true);
      started.then(() => removeEventListener(type, hold, true));
    }
    module.finally(free);
  }
}
`;
}

/** The prefix of a module that may wait at its top level. It stands on the line of the module's first statement. */
export const startSignal = 'globalThis[Symbol.for("miqro.started")]?.(); ';
