import { createError, json, type RequestHandler, send } from "@miqro/core/micro";
import { addLink, findLink, listLinks } from "./links.js";
import { withJSONErrors } from "./with-json-errors.js";

const shorten: RequestHandler = async (req, res) => {
  if (req.method === "POST") {
    const { url } = await json<{ url?: unknown }>(req, { limit: "4kb" });
    if (typeof url !== "string" || !/^https?:/.test(url) || !URL.canParse(url)) {
      throw createError(422, 'Send { "url": "https://..." }.');
    }
    send(res, 201, { path: `/${addLink(url)}` });
    return undefined;
  }
  const id = (req.url ?? "/").slice(1);
  if (id === "") return listLinks();
  const url = findLink(id);
  if (url === undefined) throw createError(404, `There is no link ${id}.`);
  res.statusCode = 302;
  res.setHeader("Location", url);
  return `See ${url}\n`;
};

export default withJSONErrors(shorten);
