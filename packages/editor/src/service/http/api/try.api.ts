import { BadRequestError, defineRoute } from "miqro";
import { cookieName } from "../../../access/cookie.js";
import { sendToApp } from "../../../app/send-to-app.js";
import { currentEditor } from "../../../editor/current-editor.js";

export default defineRoute({
  method: "POST",
  description: "Sends a request to the app and returns the response",
  request: {
    body: { method: "string", path: "string", headers: { type: "dict", values: "string" }, body: "string?" },
  },
  handler: async (req, res) => {
    const { url } = currentEditor().status.app;
    const { method, path, headers, body } = req.body;
    if (url === undefined) throw new BadRequestError("The app is not listening yet.");
    // Forwards the cookies of the browser, so that the request has the session of the preview. Removes the cookie of
    // the editor.
    const cookie = (req.headers.cookie ?? "")
      .split(/; */)
      .filter((one) => one !== "" && !one.startsWith(`${cookieName}=`))
      .join("; ");
    const sent = cookie === "" ? headers : { cookie, ...headers };
    return res.json(
      await sendToApp(url, { method, path, headers: sent, ...(body === undefined ? {} : { body }) }),
    );
  },
});
