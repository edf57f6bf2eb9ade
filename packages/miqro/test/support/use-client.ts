/** A program that uses the client of `everyFeature`, rightly and wrongly. */
export const use: string = `
import { createClient } from "./client.js";
const api = createClient();

export async function right(): Promise<void> {
  const item = await api["GET /items/:id"]({ params: { id: 1 }, query: { tags: ["a"], page: 2 } });
  if (item.status === 200) {
    const body: { id: number } | { title: string } = item.data;
    void body;
  } else if (item.status === 404) void item.problem?.issues?.[0]?.message.length;
  const made = await api["POST /form"]({ body: { name: "a", tags: [] } });
  if (made.ok) void made.data.name.length;
  await api["GET /plain"]();
  await api["GET /files/*"]({ params: { "*": "a/b" } });
  const sent = await api["POST /schemas"]({ body: {} as never });
  if (sent.status === 204) { const nothing: undefined = sent.data; void nothing; }
  else if (sent.ok) { const at: string = sent.data.at; void at; void sent.data.tree.children[0]?.children[0]?.name.length; }
}

export async function wrong(): Promise<void> {
  // @ts-expect-error there is no such route
  await api["GET /nothing"]();
  // @ts-expect-error the route has no such method
  await api["POST /plain"]();
  // @ts-expect-error a parameter is missing
  await api["GET /items/:id"]({ query: { tags: [] } });
  // @ts-expect-error a parameter has another type
  await api["GET /items/:id"]({ params: { id: "1" }, query: { tags: [] } });
  // @ts-expect-error a parameter is not known
  await api["GET /items/:id"]({ params: { id: 1, name: 2 }, query: { tags: [] } });
  // @ts-expect-error a field of the query is not known
  await api["GET /items/:id"]({ params: { id: 1 }, query: { tags: [], other: 1 } });
  // @ts-expect-error the body is missing
  await api["POST /form"]();
  // @ts-expect-error a field of the body has another type
  await api["POST /form"]({ body: { name: 1, tags: [] } });
  // @ts-expect-error a field of the body is missing
  await api["POST /form"]({ body: { name: "a" } });
  // @ts-expect-error a field of the body is not known
  await api["POST /form"]({ body: { name: "a", tags: [], more: 1 } });
  // @ts-expect-error the route takes no body
  await api["GET /items/:id"]({ params: { id: 1 }, query: { tags: [] }, body: {} });
  const item = await api["GET /items/:id"]({ params: { id: 1 }, query: { tags: [] } });
  // @ts-expect-error the route never answers this status
  if (item.status === 201) return;
  // @ts-expect-error it may be a failure
  void item.data;
}
`;
