// Runs in the page: one slice is one operation, with the layout that follows it.
import { App, operations } from "./app.ts";

export interface Contestant {
  /** The time of one operation, in milliseconds. */
  measure(operation: string): number;
  /** Works for a while and leaves an empty table. */
  work(): void;
}

export function createContestant(
  h: (type: unknown, props: unknown, ...children: unknown[]) => unknown,
  show: (node: unknown, container: Element) => void,
): Contestant {
  const container = document.body.appendChild(document.createElement("div"));
  const app = new App(container, h, show);
  return {
    measure(name) {
      const operation = operations[name];
      if (operation === undefined) throw new RangeError(`There is no operation ${name}.`);
      container.style.display = "";
      app.prepare(operation.from);
      void container.offsetHeight;
      const started = performance.now();
      operation.run(app);
      void container.offsetHeight;
      const time = performance.now() - started;
      app.prepare(0);
      container.style.display = "none";
      return time;
    },
    work() {
      for (const { from, run } of Object.values(operations)) {
        app.prepare(from);
        run(app);
      }
      app.prepare(1000);
    },
  };
}
