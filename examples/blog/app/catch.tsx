import type { HttpError, Request, Response } from "@miqro/core";
import JSX from "@miqro/jsx";
import type { ErrorConfig } from "miqro";
import { Layout } from "./layout.js";

export default {
  catch(error: Partial<HttpError>, req: Request, res: Response) {
    const { status = 500, message = "" } = error;
    // miqro answers programs with problem details, and logs the errors of the blog itself.
    if (status >= 500 || req.accepts("json", "html") === "json") return;
    res.statusCode = status;
    return (
      <Layout req={req} title={message}>
        <h1>{message}</h1>
        <p>
          Go to <a href="/">all posts</a>.
        </p>
      </Layout>
    );
  },
} satisfies ErrorConfig;
