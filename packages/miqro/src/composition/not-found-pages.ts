import { type App, type ErrorHandler, type Handler, NotFoundError, type Request } from "@miqro/core";
import type { CompositionParts } from "./parts.js";

const usualMessage = new NotFoundError().message;

/**
 * Lets the services' pages for what nothing answered take 404s, the last service first, when no `catch.ts` did. A page
 * that sends nothing leaves the answer to the service before.
 */
export function addNotFoundPages(app: App, parts: CompositionParts): void {
  for (const { http } of parts.composition.services.toReversed()) {
    const [page, other] = http.filter(({ file }) => file.isNotFoundPage === true);
    if (page === undefined) continue;
    const { kind, file, value } = page;
    const problems = parts.problemsOf(file.source);
    if (other !== undefined) problems.add(`${other.file.source} is there as well. Keep one.`);
    const handler = problems.run(() => kind.toHandler?.(file, value, parts));
    if (handler !== undefined) app.unanswered(toErrorHandler(handler));
  }
}

function toErrorHandler(page: Handler): ErrorHandler {
  return (err, req, res) => {
    if (!(err instanceof NotFoundError)) return undefined;
    // In development the message can tell of a handler that sent nothing, which the page would hide.
    if (err.message !== usualMessage) req.logger.warn("%s %s: %s", req.method, req.path, err.message);
    res.addVaryHeader("Accept");
    if (!takesPage(req)) return undefined;
    res.statusCode = 404;
    return page(req, res);
  };
}

/** Whether a page is the best answer for a client. One that names JSON, and HTML no more than that, is a program. */
function takesPage(req: Request): boolean {
  const namesJSON = req.headers.accept?.includes("json") === true;
  return (namesJSON ? req.accepts("json", "html") : req.accepts("html")) === "html";
}
