/** A project with all that a static site can have; JavaScript, so that it needs no compiler. */
export const siteFiles: Readonly<Record<string, string>> = {
  "app/db.js": "export default { name: 'shop', dialect: 'node:sqlite', storage: './shop.sqlite3' };",
  "app/migration/001_goods.js": `
    export default {
      up: async (db) => {
        await db.query("CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT)");
        await db.query("INSERT INTO goods (name) VALUES ('Käse'), ('Brot'), ('a/b & c')");
      },
      down: (db) => db.query("DROP TABLE goods"),
    };`,
  "app/http/layout.js": `
    import JSX from "@miqro/jsx";
    export const Layout = ({ title, children }) => JSX.createElement("html", { lang: "en" },
      JSX.createElement("head", {},
        JSX.createElement("meta", { charset: "utf-8" }),
        JSX.createElement("title", {}, title),
        JSX.createElement("link", { rel: "icon", href: "/icon.svg" }),
        JSX.createElement("link", { rel: "stylesheet", href: "/css/all.css" }),
        JSX.createElement("script", { src: "/js/app.js", defer: true })),
      JSX.createElement("body", {},
        JSX.createElement("nav", {}, ...["/", "/goods", "/docs/guide", "/docs/deep.html", "/api/about", "/prices.json"].map((href) =>
          JSX.createElement("a", { href }, href))),
        children));`,
  "app/http/index.html.js": `
    import JSX, { Suspense } from "@miqro/jsx";
    import { Layout } from "./layout.js";
    import "./js/app.min.js";
    export const apiOptions = { path: ["/", "/index.html"] };
    async function Late() { await new Promise(setImmediate); return JSX.createElement("p", {}, "late"); }
    export default () => JSX.createElement(Layout, { title: "Shop" },
      JSX.createElement("h1", {}, "Grüezi"),
      JSX.createElement("img", { src: "img/dot.svg", srcset: "/img/dot.svg 1x, /img/dot.svg?v=2 2x", alt: "" }),
      JSX.createElement("div", { style: "background: url(/img/dot.svg)" }),
      JSX.createElement("a-counter", { start: "3" }),
      JSX.createElement(Suspense, { fallback: JSX.createElement("p", {}, "wait") }, JSX.createElement(Late, {})));`,
  "app/http/goods.html.js": `
    import JSX from "@miqro/jsx";
    import { Layout } from "./layout.js";
    export const apiOptions = { path: "/goods" };
    export default async (req) => {
      const rows = await req.server.db.get("shop").select().from("goods").order("id").yield();
      return JSX.createElement(Layout, { title: "Goods" }, JSX.createElement("ul", {}, ...rows.map(({ id, name }) =>
        JSX.createElement("li", {}, JSX.createElement("a", { href: "goods/" + id }, name),
          JSX.createElement("a", { href: "/by-name/" + encodeURIComponent(name).replace("%2F", "-") + ".html" }, "by name")))));
    };`,
  "app/http/goods/[id].html.js": `
    import JSX from "@miqro/jsx";
    import { Layout } from "../layout.js";
    export const apiOptions = { path: ":id" };
    export const inflatePaths = async (server) => server.db.get("shop").select("id").from("goods").yield();
    export default async (req) => {
      const row = await req.server.db.get("shop").select().from("goods").eq("id", req.params.id).first();
      return row && JSX.createElement(Layout, { title: row.name }, JSX.createElement("h1", {}, row.name),
        JSX.createElement("a", { href: "../goods" }, "all"), JSX.createElement("a", { href: "#top" }, "top"));
    };`,
  "app/http/by-name/[name].html.js": `
    import JSX from "@miqro/jsx";
    import { Layout } from "../layout.js";
    export async function* inflatePaths() { yield { name: "Käse" }; yield "/by-name/Brot.html"; yield { name: "a-b & c" }; }
    export default ({ params }) => JSX.createElement(Layout, { title: params.name }, params.name);`,
  "app/http/api/about.api.js": `
    export const inflatePaths = () => ["/api/about"];
    export default { handler: (req, res) => res.json({ about: "us" }) };`,
  "app/http/prices.json.js": "export default { cheese: 12 };",
  "app/http/docs/guide.html.md":
    "# Guide\n\n[deep](deep) [again](./deep.html#more) ![](../img/dot.svg) [top](#guide) [out](https://example.com/)\n",
  "app/http/docs/deep.html.md": "---\ntitle: Deep\n---\n\n# Tief\n\n## More\n\n[guide](guide) ünïcode\n",
  "app/http/css/all.css.bundle": "_one.css\n",
  "app/http/css/_one.css": "body { background: url(../img/dot.svg); color: rgb(1, 2, 3) }",
  "app/http/plain.css": "@import '/css/all.css'; p { background: url('/img/dot.svg') }",
  "app/http/js/app.min.js": `
    import JSX, { useState } from "@miqro/jsx";
    import { define } from "@miqro/jsx-dom";
    define("a-counter", ({ start }) => {
      const [n, set] = useState(Number(start));
      return JSX.createElement("button", { onClick: () => set(n + 1) }, String(n));
    }, { props: { start: "number" }, shadowInit: false });`,
  "app/http/old.html.js":
    "export const apiOptions = { path: '/old' }; export default (req, res) => res.redirect('/docs/guide');",
  "app/http/404.html.md": "# Nothing here\n\n[home](/) ![](img/dot.svg)\n",
  "app/static/icon.svg":
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
  "app/static/img/dot.svg":
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
  "app/static/.well-known/security.txt": "Contact: mailto:a@example.com\n",
  "app/static/.hidden": "secret",
};
