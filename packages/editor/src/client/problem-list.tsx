import type { JSXNode } from "@miqro/jsx";
import { live } from "./live.js";
import { useStore } from "./store.js";
import { tellError } from "./ui.js";
import { open } from "./workspace.js";

/** The errors of the app, each with a link to its line. */
export function ProblemList(): JSXNode {
  const { problems, app } = useStore(live).status;
  if (problems.length === 0) return null;
  return (
    <section class="problems" aria-label="Errors">
      <h2>
        {problems.length === 1 ? "1 error" : `${problems.length} errors`}
        {app.serving === true && <small> The old version continues to serve.</small>}
      </h2>
      <ul>
        {problems.map(({ path, line, column, message, from }) => (
          <li key={`${from} ${path} ${line} ${column} ${message}`}>
            {path === undefined ? (
              <span>{message}</span>
            ) : (
              <button
                type="button"
                class="link"
                onClick={() => open(path, { line: line ?? 1, column }).catch(tellError)}
              >
                <b>
                  {path}
                  {line !== undefined && `:${line}`}
                </b>{" "}
                {message}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
