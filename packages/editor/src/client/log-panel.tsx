import { type JSXNode, useLayoutEffect, useRef, useState } from "@miqro/jsx";
import type { LogLine } from "../log/log-store.js";
import type { LogLevel } from "../log/read-entry.js";
import { log } from "./live.js";
import { ScrollArea } from "./scroll-area.js";
import { useStore } from "./store.js";

const levels: readonly LogLevel[] = ["error", "warn", "info", "debug", "trace"];
// The maximum number of rendered rows. The filter also finds older lines.
const mostRows = 300;

/** The log of the app, which is updated continuously. */
export function LogPanel(): JSXNode {
  const { lines } = useStore(log);
  const [level, setLevel] = useState<LogLevel>("trace");
  const [words, setWords] = useState("");
  const [from, setFrom] = useState(0);
  const list = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const shown = lines.filter((line) => line.id > from && fits(line, level, words));
  const rows = shown.slice(-mostRows);

  useLayoutEffect(() => {
    // Scrolls to the end, unless the user has scrolled up.
    if (list.current !== null && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  });
  const onScroll = (): void => {
    if (list.current === null) return;
    const { scrollTop, scrollHeight, clientHeight } = list.current;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };

  return (
    <div class="fill">
      <div class="bar">
        <select
          aria-label="Level"
          value={level}
          onChange={(event: Event) => setLevel((event.target as HTMLSelectElement).value as LogLevel)}
        >
          {levels.map((one) => (
            <option key={one} value={one}>
              {one === "trace" ? "all" : one === "error" ? "errors" : `${one} and worse`}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label="Words in the log"
          placeholder="Filter"
          value={words}
          onInput={(event: Event) => setWords((event.target as HTMLInputElement).value)}
        />
        <button type="button" onClick={() => setFrom(lines.at(-1)?.id ?? 0)}>
          Clear
        </button>
        <span role="status">
          {shown.length > rows.length
            ? `the last ${rows.length} of ${shown.length} lines`
            : `${rows.length} lines`}
        </span>
      </div>
      <ScrollArea class="log" label="Lines of the log" element={list} onScroll={onScroll}>
        <ol>
          {rows.map((line) => (
            <li key={line.id} class={line.level}>
              <time>{line.time?.slice(11, 23)}</time> <b>{line.level}</b> {line.name && <i>{line.name}</i>}{" "}
              <span>{line.text}</span>
            </li>
          ))}
        </ol>
      </ScrollArea>
    </div>
  );
}

function fits({ level, text, name = "" }: LogLine, least: LogLevel, words: string): boolean {
  if (levels.indexOf(level) > levels.indexOf(least)) return false;
  return words === "" || `${name} ${text}`.toLowerCase().includes(words.toLowerCase());
}
