import { describeBlog } from "./support/describe-blog.js";
import { server } from "./support/start-blog.js";

describeBlog("the blog", () => server);
