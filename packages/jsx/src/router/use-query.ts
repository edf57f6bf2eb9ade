import { useCallback } from "../hooks/memo.js";
import { useRuntime, useURL } from "../runtime/use-runtime.js";
import { decode } from "./decode.js";

/** The value of a parameter of the query string: an array if the parameter occurs more than once. */
export type QueryValue = string | readonly string[] | null;

/** Changes a parameter of the query string; `null` or an empty array removes it. */
export type SetQuery = (value: QueryValue) => void;

/** The pairs of a query string, still escaped. */
function pairsOf(search: string): string[] {
  return search.replace(/^\?/, "").split("&").filter(Boolean);
}

const toText = (part: string) => decode(part.replaceAll("+", " "));
const nameOf = (pair: string) => toText(pair.replace(/=.*/s, ""));
const textOf = (pair: string) => toText(pair.replace(/^[^=]*=?/, ""));

/**
 * Keeps a state in the query string of the URL, so that a link or a reload restores it.
 *
 * @param name the parameter
 * @param defaultValue the value while the parameter is missing
 * @returns the value, and a function that changes it. The change adds no entry to the history.
 */
export function useQuery(name: string): [QueryValue, SetQuery];
export function useQuery<Default extends QueryValue>(
  name: string,
  defaultValue: Default,
): [string | readonly string[] | Default, SetQuery];
export function useQuery(name: string, defaultValue: QueryValue = null): [QueryValue, SetQuery] {
  const runtime = useRuntime();
  const values = pairsOf(useURL().search)
    .filter((pair) => nameOf(pair) === name)
    .map(textOf);
  const set = useCallback(
    (value: QueryValue) => {
      const { pathname, search, hash } = runtime.url;
      const others = pairsOf(search).filter((pair) => nameOf(pair) !== name);
      const given = value === null ? [] : [value].flat();
      const added = given.map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
      const query = [...others, ...added].join("&");
      runtime.navigate(pathname + (query && `?${query}`) + hash, { replace: true, arrive: false });
    },
    [runtime, name],
  );
  return [values.length > 1 ? values : (values[0] ?? defaultValue), set];
}
