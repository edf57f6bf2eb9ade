import {
  autocompletion,
  bracketMatching,
  classHighlighter,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  defaultKeymap,
  drawSelection,
  EditorState,
  EditorView,
  type Extension,
  foldGutter,
  foldKeymap,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSelectionMatches,
  highlightSpecialChars,
  history,
  historyKeymap,
  indentOnInput,
  indentUnit,
  indentWithTab,
  keymap,
  lineNumbers,
  lintGutter,
  lintKeymap,
  search,
  searchKeymap,
  syntaxHighlighting,
} from "./codemirror.js";
import { languageOf } from "./languages.js";

const shared: readonly Extension[] = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  foldGutter(),
  drawSelection(),
  indentOnInput(),
  syntaxHighlighting(classHighlighter),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  lintGutter(),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
];

/** Creates the state of CodeMirror for a file. It keeps the line ends and the indent of the file. */
export function createCodeState(
  path: string,
  text: string,
  { onChange, readOnly = false }: { onChange(state: EditorState): void; readonly readOnly?: boolean },
): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      ...shared,
      languageOf(path),
      EditorState.lineSeparator.of(lineSeparatorOf(text)),
      EditorState.tabSize.of(2),
      indentUnit.of(/^\t/m.test(text) ? "\t" : "  "),
      EditorState.readOnly.of(readOnly),
      EditorView.contentAttributes.of({ "aria-label": `Text of ${path}`, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state);
      }),
    ],
  });
}

/** If line ends are mixed, each `\r` is an ordinary character. */
function lineSeparatorOf(text: string): "\n" | "\r\n" {
  const all = text.split("\n").length - 1;
  const withReturn = text.split("\r\n").length - 1;
  return all > 0 && all === withReturn ? "\r\n" : "\n";
}
