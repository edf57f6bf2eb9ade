import { corsHandlers, fileFinders, kPipeline, kStep } from "../exchange/internal.js";
import type { Pipeline, ServedRequest, Step, StepPlace } from "../exchange/served.js";

// Several services may answer below one path, and each may have its own rules for other origins. So only one of all
// `CORS` that a request passes decides: the innermost around the route of the request, or around the `Static` that has
// the file. If there is neither, all of them decide.

interface Decision {
  /** The first step of the route that the request is for. */
  readonly route: Step | undefined;
  readonly decider: Step | undefined;
  /**
   * The steps that may have a file for the request, each with the `CORS` that decides for it. Empty if the same `CORS`
   * decides for all of them.
   */
  readonly files: readonly { readonly step: Step; readonly decider: Step | undefined }[];
}

const decisions = new WeakMap<Pipeline, Decision>();
const preflights = new WeakMap<Pipeline, Map<Pipeline, Pipeline>>();
/** Pipelines of preflights for a route. Their first step is the `CORS` that decides. */
const ofRoutes = new WeakSet<Pipeline>();

/** Whether the running `CORS` decides about its request, or about the request that a preflight announces. */
export function decides(req: ServedRequest, isPreflight: boolean): boolean | Promise<boolean> {
  const step = req[kStep];
  const pipeline = req[kPipeline];
  if (step === undefined || pipeline === undefined) return true;
  const { route, decider, files } = decide(pipeline);
  if (isPreflight) {
    const isOfFile = /^(?:GET|HEAD)$/.test(req.headers["access-control-request-method"] ?? "");
    return ofRoutes.has(pipeline) || !isOfFile || files.length === 0 || decidesForFile(req, step, files);
  }
  if (route === undefined) return files.length === 0 || decidesForFile(req, step, files);
  return step === decider || isAlone(step, route);
}

/** A `CORS` is the only one within another handler, beside a route itself, or in a router that runs by itself. */
function isAlone(step: Step, other: Step): boolean {
  return (
    !corsHandlers.has(step.run) || step.label !== undefined || findRoot(step.place) !== findRoot(other.place)
  );
}

async function decidesForFile(req: ServedRequest, cors: Step, files: Decision["files"]): Promise<boolean> {
  for (const { step, decider } of files) {
    if (await fileFinders.get(step.run)?.(req, step)) return decider === cors || isAlone(cors, step);
  }
  return true;
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
    const others = pipeline.steps.filter((step) => step.label !== undefined || !corsHandlers.has(step.run));
    preflight = { ...pipeline, steps: decider === undefined ? others : [decider, ...others] };
    known.set(announced, preflight);
    ofRoutes.add(preflight);
  }
  return preflight;
}

function decide(pipeline: Pipeline): Decision {
  let decision = decisions.get(pipeline);
  if (decision === undefined) {
    const { steps } = pipeline;
    const at = steps.findIndex((step) => step.label !== undefined);
    const route = steps[at];
    const decider = route === undefined ? undefined : findDecider(steps.slice(0, at), route);
    decision = { route, decider, files: findFiles(steps) };
    decisions.set(pipeline, decision);
  }
  return decision;
}

function findDecider(steps: readonly Step[], route: Step): Step | undefined {
  return steps.findLast((step) => corsHandlers.has(step.run) && isAround(step.place, route.place));
}

function findFiles(steps: readonly Step[]): Decision["files"] {
  const deciders = steps.filter((step) => corsHandlers.has(step.run));
  const files = steps
    .filter((step) => fileFinders.has(step.run))
    .map((step) => ({ step, decider: findDecider(steps.slice(0, steps.indexOf(step)), step) }));
  const isClear = deciders.length === 1 && files.every(({ decider }) => decider === deciders[0]);
  return isClear ? [] : files;
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
