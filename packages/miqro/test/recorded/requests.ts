/** A request of the recording. */
export interface RecordedRequest {
  /** The method and the target, as in `GET /hello`. */
  readonly line: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const good = { authorization: "Bearer good" };
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

const get = (path: string, headers?: Readonly<Record<string, string>>): RecordedRequest => ({
  line: `GET ${path}`,
  ...(headers === undefined ? {} : { headers }),
});

/** Every convention and every kind of file is asked, in ways that succeed and in ways that fail. */
export const requests: readonly RecordedRequest[] = [
  // API routes
  ...["/hello", "/hello?name=you", "/hello/", "/hello?name=a&name=b", "/text", "/nothing"].map((path) =>
    get(path),
  ),
  { line: "HEAD /hello" },
  { line: "OPTIONS /hello" },
  { line: "POST /hello", body: "x" },
  { line: "DELETE /text" },
  get("/books"),
  get("/server"),
  get("/none"),
  get("/none", { accept: "text/html" }),
  get("/Hello"),
  get("/%68ello"),
  get("/%zz"),
  get("//hello"),
  get("/a/../hello"),
  // declarations
  { line: "POST /books/new", headers: json, body: '{"title":"Emma","year":1815,"more":1}' },
  { line: "PUT /books/new", headers: json, body: '{"title":"Emma"}' },
  { line: "POST /books/new", headers: json, body: '{"year":"x"}' },
  { line: "POST /books/new", headers: json, body: "{" },
  { line: "POST /books/new", headers: form, body: "title=Emma" },
  { line: "POST /books/new" },
  get("/books/new"),
  get("/created"),
  get("/declared/7"),
  get("/also/8"),
  get("/declared/0"),
  get("/declared/x"),
  get("/declared"),
  { line: "PATCH /below/any/where" },
  { line: "PATCH /below" },
  get("/below/any"),
  get("/admin/users"),
  get("/admin/none"),
  get("/admin"),
  // parameters
  get("/users/7"),
  get("/users/7.json"),
  get("/users/7.html"),
  get("/users/a%2Fb"),
  get("/users/"),
  get("/files/a/b%20c"),
  get("/files"),
  // sessions and policies
  get("/me"),
  get("/me", good),
  get("/me", { authorization: "Bearer bad" }),
  get("/staff", good),
  get("/staff", { authorization: "Bearer guest" }),
  get("/staff"),
  get("/private/open"),
  get("/private/none"),
  get("/secure"),
  get("/secure", { cookie: "session=good" }),
  { line: "POST /secure", headers: { cookie: "session=good" } },
  { line: "POST /secure", headers: { cookie: "session=good", origin: "https://elsewhere.example" } },
  // middleware and error handlers
  get("/from-middleware"),
  get("/throws/caught"),
  get("/throws/passed-on"),
  get("/throws/uncaught"),
  get("/throws/uncaught", { accept: "text/html" }),
  get("/redirect"),
  get("/cookie"),
  // values
  get("/value.json"),
  get("/later.json"),
  get("/computed.json?a=1"),
  { line: "POST /value.json" },
  // pages
  get("/index.html"),
  get("/gone.html?x=1"),
  get("/plain.html"),
  get("/element"),
  { line: "HEAD /gone.html" },
  { line: "POST /gone.html" },
  // Markdown
  get("/docs/guide"),
  get("/docs/guide.html"),
  get("/docs/other"),
  get("/docs/other.html"),
  get("/docs/guide.html.md"),
  // client code
  get("/js/app.js"),
  get("/js/app.min.js"),
  get("/js/part.js"),
  get("/js/other.js"),
  get("/_miqro/none.js"),
  { line: "POST /js/app.js" },
  // files
  get("/robots.txt"),
  get("/robots.txt", { range: "bytes=0-3" }),
  get("/robots.txt", { "if-none-match": "*" }),
  { line: "POST /robots.txt" },
  { line: "HEAD /robots.txt" },
  get("/data.json"),
  get("/img/a%20b.svg"),
  get("/img"),
  get("/img/"),
  get("/helper.js"),
  get("/_draft/page.txt"),
  get("/.env"),
  get("/x.test.js"),
  get("/data.sqlite3"),
  get("/hello.api.js"),
  get("/"),
  get("/style.css"),
  get("/docs"),
  get("/docs/"),
  get("/.hidden"),
  get("/.well-known/security.txt"),
  // the second service
  get("/only-second"),
  get("/second.txt"),
  { line: "POST /second.txt" },
  // sockets
  get("/updates", { ...upgrade, ...good }),
  get("/updates", upgrade),
  get("/updates", good),
  get("/updates", { ...upgrade, ...good, origin: "https://elsewhere.example" }),
  get("/unused", upgrade),
  get("/none", upgrade),
  // what ran after the answers
  get("/after-count"),
];
