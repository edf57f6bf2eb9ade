/** The error for a request that the editor's server refused. */
export class APIError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "APIError";
    this.status = status;
  }
}

/** Sends a GET request to a route of the editor. */
export function get<T>(name: string, query: Readonly<Record<string, string | number>> = {}): Promise<T> {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return send<T>(`/api/${name}${search.size === 0 ? "" : `?${search}`}`);
}

/** Sends a POST request to a route of the editor. */
export function post<T>(name: string, body: object = {}): Promise<T> {
  return send<T>(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function send<T>(url: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new APIError(0, "The server of the editor does not respond. Is miqro running?");
  }
  const value = (await response.json().catch(() => ({}))) as { readonly message?: string };
  if (response.ok) return value as T;
  if (response.status === 401) {
    throw new APIError(401, "The session has ended: open the last URL that miqro printed.");
  }
  throw new APIError(
    response.status,
    value.message ?? `The server of the editor answered ${response.status}.`,
  );
}
