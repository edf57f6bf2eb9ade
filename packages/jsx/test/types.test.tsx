import assert from "node:assert/strict";
import { describe, it } from "node:test";
import JSX, {
  createContext,
  Fragment,
  type JSXNode,
  unsafeURL,
  useContext,
  useReducer,
  useRef,
  useState,
} from "@miqro/jsx";

declare global {
  interface MiqroElements {
    "typed-element": { count: number };
  }
}

function Titled(props: { readonly title: string; readonly children?: JSXNode }): JSXNode {
  return <section title={props.title}>{props.children}</section>;
}

function Boxed(_props: { readonly wide?: boolean }, children: JSXNode): JSXNode {
  return <div>{children}</div>;
}

async function Later(): Promise<JSXNode> {
  return <p />;
}

// Compiled, and not called: each line holds or fails when the compiler reads it.
export function checked(): JSXNode {
  return (
    <>
      <Titled title="a" key={1}>
        text {1} {null} {[<b />, "x"]}
      </Titled>
      <Boxed wide>inside</Boxed>
      <Later />
      <Fragment key="f">x</Fragment>
      <any-element whatever={1} onClick={() => {}} />
      <typed-element count={1} class="x" title="t" hidden onClick={(event) => event.currentTarget} />
      <math>
        <mfrac>
          <mi>x</mi>
          <mn>2</mn>
        </mfrac>
      </math>
      <math>
        <mo stretchy="false" symmetric="true" form="infix">
          (
        </mo>
        {/* @ts-expect-error: a boolean would be left out, and the default is true */}
        <mo stretchy={false}>(</mo>
        {/* @ts-expect-error: an attribute without a value is not true */}
        <mstyle displaystyle />
      </math>
      <svg>
        <title>t</title>
        <feConvolveMatrix preserveAlpha="true" order={3} />
        {/* @ts-expect-error: an attribute without a value is not true */}
        <feConvolveMatrix preserveAlpha />
      </svg>
      <input defaultValue="x" defaultChecked />
      <option defaultSelected>x</option>
      <textarea defaultValue="x" autocorrect="off" writingsuggestions={false} />
      <select multiple value={["a", 1]} />
      <select defaultValue={["a"]} />
      <input type="file" webkitdirectory />
      {/* @ts-expect-error: a text field has one value */}
      <input value={["a"]} />
      <button
        type="button"
        onClick={(event) => event.currentTarget}
        aria-label="x"
        data-anything={{}}
        disabled
      >
        x
      </button>
      <a href={unsafeURL("javascript:0")} style={{ color: "red", "--x": 1 }}>
        x
      </a>
      <svg viewBox="0 0 1 1" aria-hidden="true">
        <path d="M0 0" stroke-width={2} />
      </svg>
      {/* @ts-expect-error: title is missing */}
      <Titled />
      {/* @ts-expect-error: title is text */}
      <Titled title={1} />
      {/* @ts-expect-error: no such element */}
      <nosuch />
      {/* @ts-expect-error: no such attribute */}
      <div href="/" />
      {/* @ts-expect-error: a handler is a function */}
      <button type="button" onClick="alert(1)" />
      {/* @ts-expect-error: no such attribute */}
      <typed-element count={1} nosuch="x" />
      {/* @ts-expect-error: count is a number */}
      <typed-element count="1" />
      {/* @ts-expect-error: an object cannot be rendered */}
      <p>{{ a: 1 }}</p>
    </>
  );
}

export function CheckedHooks(): JSXNode {
  const [count, setCount] = useState(0);
  setCount(1);
  setCount((before) => before + 1);
  // @ts-expect-error: the state is a number
  setCount("1");
  const [maybe] = useState<string>();
  // @ts-expect-error: there is no first state
  maybe.length;
  const [total, dispatch] = useReducer((sum: number, add: number) => sum + add, 0);
  dispatch(total);
  // @ts-expect-error: actions are numbers
  dispatch("1");
  return count;
}

export function CheckedRefs(): JSXNode {
  const field = useRef<HTMLInputElement>(null);
  // @ts-expect-error: it may be null
  field.current.value;
  const count = useRef(0);
  count.current.toFixed();
  return <input ref={field} />;
}

const Theme = createContext("light");
export function CheckedContext(): JSXNode {
  const theme: string = useContext(Theme);
  const provided = <Theme value="dark">{theme}</Theme>;
  // @ts-expect-error: the value is text
  const wrong = <Theme value={1}>{theme}</Theme>;
  // @ts-expect-error: the value is text
  return <Theme.Provider value={1}>{[provided, wrong]}</Theme.Provider>;
}

describe("the classic transform", () => {
  it("makes vnodes through the default export", () => {
    const node = (
      <p id="a">
        x<b />
      </p>
    );
    assert.equal(node.type, "p");
    assert.deepEqual(node.props, { id: "a" });
    assert.equal((node.children as readonly JSXNode[]).length, 2);
    assert.equal((<Fragment key="k" />).type, Fragment);
  });
});
