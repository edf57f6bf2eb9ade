// The DOM interfaces that the types of JSX use. They are empty here, so that this package does not need the types of
// the DOM. If a program has these types, TypeScript merges them with these interfaces.
declare global {
  interface Event {}
  interface AnimationEvent {}
  interface ClipboardEvent {}
  interface CompositionEvent {}
  interface DragEvent {}
  interface FocusEvent {}
  interface InputEvent {}
  interface KeyboardEvent {}
  interface MouseEvent {}
  interface PointerEvent {}
  interface SubmitEvent {}
  interface ToggleEvent {}
  interface TouchEvent {}
  interface TransitionEvent {}
  interface UIEvent {}
  interface WheelEvent {}
  interface Element {}
  interface HTMLElement {}
  interface HTMLAnchorElement {}
  interface HTMLButtonElement {}
  interface HTMLCanvasElement {}
  interface HTMLDetailsElement {}
  interface HTMLDialogElement {}
  interface HTMLFormElement {}
  interface HTMLIFrameElement {}
  interface HTMLImageElement {}
  interface HTMLInputElement {}
  interface HTMLLabelElement {}
  interface HTMLMediaElement {}
  interface HTMLOptionElement {}
  interface HTMLScriptElement {}
  interface HTMLSelectElement {}
  interface HTMLTextAreaElement {}
  interface SVGElement {}

  /**
   * The attributes of custom elements, by tag. Add your own elements by declaration merging.
   *
   * ```ts
   * declare global {
   *   interface MiqroElements {
   *     "my-counter": { initial?: number };
   *   }
   * }
   * ```
   */
  interface MiqroElements {}
}

/** The event types, by the name of the listener without `on`. */
export interface EventsByName {
  Abort: Event;
  AnimationEnd: AnimationEvent;
  AnimationIteration: AnimationEvent;
  AnimationStart: AnimationEvent;
  AuxClick: PointerEvent;
  BeforeInput: InputEvent;
  BeforeToggle: ToggleEvent;
  Blur: FocusEvent;
  Cancel: Event;
  CanPlay: Event;
  Change: Event;
  Click: MouseEvent;
  Close: Event;
  CompositionEnd: CompositionEvent;
  CompositionStart: CompositionEvent;
  CompositionUpdate: CompositionEvent;
  ContextMenu: MouseEvent;
  Copy: ClipboardEvent;
  Cut: ClipboardEvent;
  DblClick: MouseEvent;
  Drag: DragEvent;
  DragEnd: DragEvent;
  DragEnter: DragEvent;
  DragLeave: DragEvent;
  DragOver: DragEvent;
  DragStart: DragEvent;
  Drop: DragEvent;
  DurationChange: Event;
  Ended: Event;
  Error: Event;
  Focus: FocusEvent;
  FocusIn: FocusEvent;
  FocusOut: FocusEvent;
  FormData: Event;
  GotPointerCapture: PointerEvent;
  Input: InputEvent;
  Invalid: Event;
  KeyDown: KeyboardEvent;
  KeyPress: KeyboardEvent;
  KeyUp: KeyboardEvent;
  Load: Event;
  LoadedData: Event;
  LoadedMetadata: Event;
  LoadStart: Event;
  LostPointerCapture: PointerEvent;
  MouseDown: MouseEvent;
  MouseEnter: MouseEvent;
  MouseLeave: MouseEvent;
  MouseMove: MouseEvent;
  MouseOut: MouseEvent;
  MouseOver: MouseEvent;
  MouseUp: MouseEvent;
  Paste: ClipboardEvent;
  Pause: Event;
  Play: Event;
  Playing: Event;
  PointerCancel: PointerEvent;
  PointerDown: PointerEvent;
  PointerEnter: PointerEvent;
  PointerLeave: PointerEvent;
  PointerMove: PointerEvent;
  PointerOut: PointerEvent;
  PointerOver: PointerEvent;
  PointerUp: PointerEvent;
  Progress: Event;
  RateChange: Event;
  Reset: Event;
  Resize: UIEvent;
  Scroll: Event;
  ScrollEnd: Event;
  Seeked: Event;
  Seeking: Event;
  Select: Event;
  SlotChange: Event;
  Stalled: Event;
  Submit: SubmitEvent;
  Suspend: Event;
  TimeUpdate: Event;
  Toggle: ToggleEvent;
  TouchCancel: TouchEvent;
  TouchEnd: TouchEvent;
  TouchMove: TouchEvent;
  TouchStart: TouchEvent;
  TransitionCancel: TransitionEvent;
  TransitionEnd: TransitionEvent;
  TransitionRun: TransitionEvent;
  TransitionStart: TransitionEvent;
  VolumeChange: Event;
  Waiting: Event;
  Wheel: WheelEvent;
}
