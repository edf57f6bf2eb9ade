import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";

/** Something that keeps people with a disability from using a page. */
export interface AxeFault {
  readonly rule: string;
  readonly impact: string;
  /** The elements, as selectors. */
  readonly targets: readonly string[];
}

const script = new URL("../parts/node_modules/axe-core/axe.min.js", import.meta.url);

/** Has axe-core look for faults in a page, without the documents of its frames; those that are serious, or worse. */
export async function findSeriousFaults(page: Page): Promise<AxeFault[]> {
  await page.evaluate(await readFile(script, "utf8"));
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: {
            id: string;
            impact: string;
            nodes: { target: unknown[]; failureSummary: string }[];
          }[];
        }>;
      };
    };
    const { violations: found } = await axe.run({ iframes: false });
    return found.map(({ id, impact, nodes }) => ({
      rule: id,
      impact,
      targets: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
    }));
  });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical");
}
