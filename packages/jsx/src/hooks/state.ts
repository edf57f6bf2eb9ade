import { type HookSlot, requestUpdate, useSlot } from "../component/component-instance.js";

/** A new state, or a function that makes it from the state before. */
export type StateUpdate<State> = State | ((before: State) => State);

/** Changes the state and renders the component again, unless the new state is the same (`Object.is`). */
export type SetState<State> = (update: StateUpdate<State>) => void;

/** Makes the next state from the state and an action. */
export type Reducer<State, Action> = (state: State, action: Action) => State;

/** Gives an action to the reducer and renders the component again, unless the state stays the same. */
export type Dispatch<Action> = (action: Action) => void;

interface StateSlot<State, Action> extends HookSlot {
  held: State;
  /** What the last render showed. */
  shown: State;
  reducer: Reducer<State, Action>;
  readonly dispatch: Dispatch<Action>;
}

function useReducedState<State, Action>(
  hook: string,
  reducer: Reducer<State, Action>,
  initial: () => State,
): [State, Dispatch<Action>] {
  const slot = useSlot<StateSlot<State, Action>>(hook, (instance) => {
    const created: StateSlot<State, Action> = {
      hook,
      held: initial(),
      shown: undefined as State,
      reducer,
      dispatch(action) {
        const next = created.reducer(created.held, action);
        const { held, shown } = created;
        if (Object.is(next, held)) return;
        created.held = next;
        // A boolean is subtracted as 0 or 1.
        requestUpdate(instance, (Object.is(held, shown) as never) - (Object.is(next, shown) as never));
      },
    };
    return created;
  });
  slot.reducer = reducer;
  slot.shown = slot.held;
  return [slot.held, slot.dispatch];
}

function applyUpdate<State>(before: State, update: StateUpdate<State>): State {
  return typeof update === "function" ? (update as (before: State) => State)(before) : update;
}

/**
 * Keeps a state between renders.
 *
 * @param initial the first state, or a function that makes it, called once
 * @returns the state, and the function that changes it, the same one in each render
 */
export function useState<State>(initial: State | (() => State)): [State, SetState<State>];
export function useState<State = undefined>(): [State | undefined, SetState<State | undefined>];
export function useState<State>(initial?: State | (() => State)): [unknown, SetState<unknown>] {
  return useReducedState<unknown, StateUpdate<unknown>>("useState", applyUpdate, () =>
    typeof initial === "function" ? (initial as () => State)() : initial,
  );
}

/**
 * Keeps a state that changes through actions.
 *
 * @param reducer makes the next state; it must not change the state that it gets
 * @param initial the first state, or what `create` makes it from
 * @param create makes the first state, called once
 */
export function useReducer<State, Action>(
  reducer: Reducer<State, Action>,
  initial: State,
): [State, Dispatch<Action>];
export function useReducer<State, Action, Initial>(
  reducer: Reducer<State, Action>,
  initial: Initial,
  create: (initial: Initial) => State,
): [State, Dispatch<Action>];
export function useReducer<State, Action>(
  reducer: Reducer<State, Action>,
  initial: State,
  create?: (initial: State) => State,
): [State, Dispatch<Action>] {
  return useReducedState("useReducer", reducer, () => (create === undefined ? initial : create(initial)));
}
