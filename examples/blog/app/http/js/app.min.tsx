import { define } from "@miqro/jsx-dom";
import { ClapButton } from "./clap-button.js";
import { LivePosts } from "./live-posts.js";

define("clap-button", ClapButton, { props: { post: "number", claps: "number" }, shadowInit: false });
define("live-posts", LivePosts, { props: { newest: "number" }, shadowInit: false });
