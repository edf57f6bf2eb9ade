export type { UnsafeURL } from "./attributes/attribute.js";
export { isURLAttribute, toAttributeName, toAttributeText, unsafeURL } from "./attributes/attribute.js";
export { toStyleName, toStyleValue } from "./attributes/style.js";
export type {
  CommitPhase,
  ComponentHost,
  ComponentInstance,
  HookSlot,
  ProvidedContext,
} from "./component/component-instance.js";
export {
  commitInstance,
  createInstance,
  disposeInstance,
  renderComponent,
  requestUpdate,
  useSlot,
} from "./component/component-instance.js";
export type { RecordedElement } from "./component/element-registry.js";
export { findRecordedElement, recordElement } from "./component/element-registry.js";
export type { JSXErrorCode } from "./errors.js";
export { JSXError } from "./errors.js";
export type { Context } from "./hooks/context.js";
export { createContext, useContext } from "./hooks/context.js";
export type { Effect } from "./hooks/effect.js";
export { useEffect, useLayoutEffect } from "./hooks/effect.js";
export { useElement, useId, useRefresh } from "./hooks/instance.js";
export type { RefObject } from "./hooks/memo.js";
export { useCallback, useMemo, useRef } from "./hooks/memo.js";
export type { Dispatch, Reducer, SetState, StateUpdate } from "./hooks/state.js";
export { useReducer, useState } from "./hooks/state.js";
export type {
  CommonAttributes,
  CustomElementAttributes,
  EventAttributes,
  EventHandler,
  HTMLAttributes,
  IntrinsicElements,
  Ref,
  Style,
  SVGAttributes,
} from "./types/attributes.js";
export { createElement, jsx } from "./vnode/create-element.js";
export { JSX as default } from "./vnode/default-export.js";
export type { NodeKind } from "./vnode/node-kind.js";
export { nodeKind, toNodeList } from "./vnode/node-kind.js";
export type {
  AnyComponent,
  Component,
  JSXNode,
  Key,
  Props,
  SettledNode,
  VNode,
  VNodeType,
} from "./vnode/vnode.js";
export { createVNode, Fragment, isVNode } from "./vnode/vnode.js";
