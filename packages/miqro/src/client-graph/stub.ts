/**
 * The script at the URL that pages contain. A bundle at this URL would run before `DOMContentLoaded` and `load`, in a
 * classic script and in a module script. An `import()` does not delay these events. So the script holds the two events
 * back until the modules have run, and dispatches them again. An async script does not hold them back. A module with a
 * top-level `await`, which may wait for one of these events, begins with `startSignal`. This releases the events as
 * soon as the code before the first `await` has run. A browser waits for the same code of a module script.
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

/** The prefix of a module that may use a top-level `await`. It is on the line of the module's first statement. */
export const startSignal = 'globalThis[Symbol.for("miqro.started")]?.(); ';
