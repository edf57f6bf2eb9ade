/** A request, with what the example has to answer on every runtime. */
export interface Exchange {
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | null>>;
}

const json = "application/json; charset=utf-8";
const post = (body: string): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body,
});

const well = (body: string, type: string | null = json) => ({
  status: 200,
  body,
  headers: { "content-type": type, "x-answered": "well" },
});
const badly = (status: number, body: string) => ({
  status,
  body,
  headers: { "content-type": json, "x-answered": "badly" },
});

/** One after the other: a task that is sent is there for the next. */
export const exchanges: readonly Exchange[] = [
  { path: "/", ...well('{"tasks":1}') },
  { path: "/health", ...well("OK", "text/plain;charset=UTF-8") },
  { path: "/ping", ...well("pong", "text/plain;charset=UTF-8") },
  { path: "/tasks", ...well('{"data":[{"id":1,"title":"Read the README","done":false}]}') },
  {
    path: "/tasks",
    init: post('{"title":"é"}'),
    ...well('{"data":{"id":2,"title":"é","done":false}}'),
    status: 201,
  },
  { path: "/tasks/2", ...well('{"data":{"id":2,"title":"é","done":false}}') },
  { path: "/tasks/2", init: { method: "HEAD" }, ...well("") },
  {
    path: "/tasks/first",
    status: 302,
    body: "",
    headers: { location: "/tasks/1", "x-answered": "well" },
  },
  {
    path: "/tasks",
    init: post('{"name":1}'),
    ...badly(422, '{"error":"Send { \\"title\\": \\"...\\" }."}'),
  },
  { path: "/tasks/7", ...badly(404, '{"error":"There is no task 7."}') },
  { path: "/tasks/slow", ...badly(503, '{"error":"This takes too long."}') },
  { path: "/tasks/odd", ...badly(500, '{"error":"A handler threw no error, which is not an Error."}') },
  { path: "/tasks/1/none", ...badly(404, '{"error":"Nothing is found at this path."}') },
  { path: "/back", ...badly(401, '{"error":"Who are you?"}') },
  { path: "/back", init: { headers: { "X-Operator": "ada" } }, ...well('{"operator":"ada"}') },
];
