import { kPipeline, kStep } from "../exchange/internal.js";
import type { Pipeline, ServedRequest, Step, StepPlace } from "../exchange/served.js";

// Several services may answer below one path, and each may have its own rules for other origins. So only one of all
// `CORS` that a request passes decides: the innermost around the route that the request is for.

interface Decision {
  /** The first step of the route that the request is for. */
  readonly route: Step | undefined;
  readonly decider: Step | undefined;
}

const handlers = new WeakSet<object>();
const decisions = new WeakMap<Pipeline, Decision>();
const preflights = new WeakMap<Pipeline, Map<Pipeline, Pipeline>>();

/** Notes that a handler is a `CORS`. */
export function noteCORS(handler: object): void {
  handlers.add(handler);
}

/** Whether the running `CORS` decides about its request. */
export function decides(req: ServedRequest): boolean {
  const step = req[kStep];
  const pipeline = req[kPipeline];
  if (step === undefined || pipeline === undefined) return true;
  const { route, decider } = decide(pipeline);
  if (route === undefined || step === decider) return true;
  // It is the only one within another handler, beside a route itself, or in a router that runs by itself.
  return (
    !handlers.has(step.run) || step.label !== undefined || findRoot(step.place) !== findRoot(route.place)
  );
}

/**
 * Returns the pipeline of a preflight. It begins with the `CORS` that decides about the announced request. No guard
 * comes before it, because a preflight has no credentials.
 *
 * @param pipeline The pipeline of the preflight.
 * @param announced The pipeline of the request that will follow.
 */
export function toPreflight(pipeline: Pipeline, announced: Pipeline): Pipeline {
  const { route, decider } = decide(announced);
  if (route === undefined) return pipeline;
  let known = preflights.get(pipeline);
  if (known === undefined) {
    known = new Map();
    preflights.set(pipeline, known);
  }
  let preflight = known.get(announced);
  if (preflight === undefined) {
    const others = pipeline.steps.filter((step) => step.label !== undefined || !handlers.has(step.run));
    preflight = { ...pipeline, steps: decider === undefined ? others : [decider, ...others] };
    known.set(announced, preflight);
  }
  return preflight;
}

function decide(pipeline: Pipeline): Decision {
  let decision = decisions.get(pipeline);
  if (decision === undefined) {
    const { steps } = pipeline;
    const at = steps.findIndex((step) => step.label !== undefined);
    const route = steps[at];
    const decider = steps
      .slice(0, Math.max(0, at))
      .findLast((step) => handlers.has(step.run) && route !== undefined && isAround(step.place, route.place));
    decision = { route, decider };
    decisions.set(pipeline, decision);
  }
  return decision;
}

function isAround(outer: StepPlace, inner: StepPlace): boolean {
  for (let place: StepPlace | undefined = inner; place !== undefined; place = place.parent) {
    if (place === outer) return true;
  }
  return false;
}

function findRoot(place: StepPlace): StepPlace {
  let root = place;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
