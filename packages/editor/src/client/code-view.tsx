import { type JSXNode, useLayoutEffect, useRef } from "@miqro/jsx";
import type { Problem } from "../problems/problem.js";
import { type Diagnostic, EditorView, setDiagnostics, type Text } from "./codemirror.js";
import { live } from "./live.js";
import { useStore } from "./store.js";
import { activeFile, keepState, stateOf, tabs } from "./workspace.js";

/** The text of the active tab. */
export function CodeView(): JSXNode {
  const { active, loads, place } = useStore(tabs);
  const { problems } = useStore(live).status;
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const shown = useRef<string | undefined>(undefined);
  const isText = activeFile()?.kind === "text";

  useLayoutEffect(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
    if (holder.current === null) return undefined;
    // The Content Security Policy of the page allows styles with its nonce.
    const made = new EditorView({ parent: holder.current, extensions: EditorView.cspNonce.of(nonce) });
    view.current = made;
    return () => made.destroy();
  }, []);

  // Uses a layout effect, which runs before the next paint and the next key. So the text of one file is never shown
  // under the name of another file.
  useLayoutEffect(() => {
    const { current } = view;
    if (current === undefined) return;
    if (shown.current !== undefined && shown.current !== active && stateOf(shown.current) !== undefined) {
      keepState(shown.current, current.state);
    }
    shown.current = active;
    const state = active === undefined ? undefined : stateOf(active);
    if (state === undefined || state === current.state) return;
    current.setState(state);
    if (place === undefined) current.focus();
  }, [active, loads]);

  useLayoutEffect(() => {
    const { current } = view;
    if (current === undefined || place === undefined || place.path !== active) return;
    current.dispatch({ selection: { anchor: toPosition(current.state.doc, place) }, scrollIntoView: true });
    current.focus();
  }, [active, place]);

  const own = problems.filter(({ path, line }) => path === active && line !== undefined);
  useLayoutEffect(() => {
    const { current } = view;
    if (current === undefined || !isText) return;
    current.dispatch(setDiagnostics(current.state, toDiagnostics(own, current.state.doc)));
  }, [active, loads, JSON.stringify(own)]);

  return <div class="code" ref={holder} hidden={!isText} />;
}

function toDiagnostics(problems: readonly Problem[], doc: Text): Diagnostic[] {
  return problems.map(({ line = 1, column, message, from }) => {
    const start = toPosition(doc, { line, column });
    const { to } = doc.lineAt(start);
    const word = /^\w+/.exec(doc.sliceString(start, to))?.[0].length ?? 1;
    const end = Math.min(to, column === undefined ? to : start + word);
    return { from: start, to: Math.max(start, end), severity: "error", source: from, message };
  });
}

/** Converts a position. A position after the end of the text becomes the end. */
function toPosition(doc: Text, { line, column = 1 }: { line: number; column?: number | undefined }): number {
  const { from, length } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return from + Math.min(Math.max(0, column - 1), length);
}
