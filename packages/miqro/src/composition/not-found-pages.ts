import { type App, type ErrorHandler, type Handler, NotFoundError, type Request } from "@miqro/core";
import type { CompositionParts } from "./parts.js";

const usualMessage = new NotFoundError().message;

/**
 * Lets the 404 pages of the services answer a 404 that no `catch.ts` answered, the page of the last service first. If a
 * page sends nothing, the page of the service before it answers.
 */
export function addNotFoundPages(app: App, parts: CompositionParts): void {
  for (const { http } of parts.composition.services.toReversed()) {
    const [page, other] = http.filter(({ file }) => file.isNotFoundPage === true);
    if (page === undefined) continue;
    const { kind, file, value } = page;
    const problems = parts.problemsOf(file.source);
    if (other !== undefined) problems.add(`${other.file.source} exists as well. Keep one of them.`);
    const handler = problems.run(() => kind.toHandler?.(file, value, parts));
    if (handler !== undefined) app.unanswered(toErrorHandler(handler));
  }
}

function toErrorHandler(page: Handler): ErrorHandler {
  return (err, req, res) => {
    if (!(err instanceof NotFoundError)) return undefined;
    // In development, the error message can name a handler that sent nothing. A page would hide this message.
    if (err.message !== usualMessage) req.logger.warn("%s %s: %s", req.method, req.path, err.message);
    res.addVaryHeader("Accept");
    if (!takesPage(req)) return undefined;
    res.statusCode = 404;
    return page(req, res);
  };
}

/**
 * Whether the client gets a page. If its `Accept` names JSON, and does not prefer HTML, the client is a program and
 * gets problem details.
 */
function takesPage(req: Request): boolean {
  const namesJSON = req.headers.accept?.includes("json") === true;
  return (namesJSON ? req.accepts("json", "html") : req.accepts("html")) === "html";
}
