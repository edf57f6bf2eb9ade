export type { UnsafeHTML, UnsafeURL } from "./attributes/attribute.js";
export {
  isAttributeName,
  isScriptable,
  toAttributeName,
  toAttributeText,
  unsafeHTML,
  unsafeURL,
} from "./attributes/attribute.js";
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
  failInstance,
  renderComponent,
  requestUpdate,
  useSlot,
} from "./component/component-instance.js";
export type { SuspenseProps } from "./component/suspense.js";
export { Suspense } from "./component/suspense.js";
export type { ElementOptions, PropType } from "./element/element-options.js";
export { attributeOfProp, readProp } from "./element/element-options.js";
export type { RecordedElement } from "./element/element-registry.js";
export { findRecordedElement, recordElement } from "./element/element-registry.js";
export type { JSXErrorCode } from "./errors.js";
export { JSXError } from "./errors.js";
export type { Context } from "./hooks/context.js";
export { createContext, useContext } from "./hooks/context.js";
export type { Effect } from "./hooks/effect.js";
export { useEffect, useLayoutEffect } from "./hooks/effect.js";
export { useErrorBoundary } from "./hooks/error-boundary.js";
export { useSyncExternalStore } from "./hooks/external-store.js";
export { useElement, useId, useRefresh } from "./hooks/instance.js";
export type { RefObject } from "./hooks/memo.js";
export { useCallback, useMemo, useRef } from "./hooks/memo.js";
export type { Dispatch, Reducer, SetState, StateUpdate } from "./hooks/state.js";
export { useReducer, useState } from "./hooks/state.js";
export type { LinkProps } from "./router/link.js";
export { Link, usePathname } from "./router/link.js";
export type { RouterProps } from "./router/router.js";
export { Router } from "./router/router.js";
export type { QueryValue, SetQuery } from "./router/use-query.js";
export { useQuery } from "./router/use-query.js";
export type {
  NavigateOptions,
  Runtime,
  RuntimeLogger,
  RuntimeOptions,
  RuntimeURL,
} from "./runtime/runtime.js";
export { createStaticRuntime } from "./runtime/static-runtime.js";
export { useRuntime } from "./runtime/use-runtime.js";
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
