import { type HookSlot, requestUpdate, useSlot } from "../component/component-instance.js";

/** A new state, or a function that gets the current state and returns the new state. */
export type StateUpdate<State> = State | ((before: State) => State);

/**
 * Changes the state and renders the component again. If the new state equals the old state (`Object.is`), nothing
 * renders.
 */
export type SetState<State> = (update: StateUpdate<State>) => void;

/** Gets the state and an action, and returns the next state. */
export type Reducer<State, Action> = (state: State, action: Action) => State;

/** Calls the reducer with an action and renders the component again. If the state stays the same, nothing renders. */
export type Dispatch<Action> = (action: Action) => void;

interface StateSlot<State, Action> extends HookSlot {
  held: State;
  /** The state that the last render showed. */
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
        // The two booleans are subtracted as 0 or 1.
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
 * @param initial the first state, or a function that returns it and is called once
 * @returns the state and a function that changes it. The function is the same in each render.
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
 * @param reducer returns the next state; it must not modify its argument
 * @param initial the first state, or the argument of `create`
 * @param create returns the first state; it is called once
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
