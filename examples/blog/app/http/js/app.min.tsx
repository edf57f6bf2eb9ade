import { define } from "@miqro/jsx-dom";
import { ClapCounter } from "./clap-counter.js";
import { LivePosts } from "./live-posts.js";
import { PostForm } from "./post-form.js";

define("clap-counter", ClapCounter, { observedAttributes: ["initial"], shadowInit: false });
define("live-posts", LivePosts, { shadowInit: false });
define("post-form", PostForm, { shadowInit: false });
