// The script of the document page: it searches, and it sends requests. It runs in browsers and imports nothing, so that
// it can be a file beside the page or part of the page.

const search = document.querySelector<HTMLInputElement>("#search");
const status = document.querySelector<HTMLElement>("#search-status");
const operations = [...document.querySelectorAll<HTMLElement>("main > section[data-search]")];

function linkTo({ id }: HTMLElement): HTMLAnchorElement | null {
  return document.querySelector(`nav a[href="#${CSS.escape(id)}"]`);
}

function showMatches(): void {
  const words = (search?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const operation of operations) {
    const text = operation.dataset.search ?? "";
    const fits = words.every((word) => text.includes(word));
    operation.hidden = !fits;
    const item = linkTo(operation)?.parentElement;
    if (item) item.hidden = !fits;
    if (fits) count++;
  }
  if (status) status.textContent = words.length === 0 ? "" : `${count} of ${operations.length} routes`;
}

function visibleLinks(): HTMLAnchorElement[] {
  return operations.filter(({ hidden }) => !hidden).flatMap((operation) => linkTo(operation) ?? []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "/" && !isTyping(target)) {
    event.preventDefault();
    search?.focus();
    search?.select();
    return;
  }
  const isInside = target instanceof HTMLElement && target.closest("nav") !== null;
  if (key === "Escape" && search && (isInside || !isTyping(target))) {
    search.value = "";
    showMatches();
    search.focus();
    return;
  }
  if (!isInside) return;
  const links = visibleLinks();
  const at = links.indexOf(target as HTMLAnchorElement);
  if (key === "ArrowDown") {
    event.preventDefault();
    links[Math.min(at + 1, links.length - 1)]?.focus();
  } else if (key === "ArrowUp") {
    event.preventDefault();
    if (at <= 0) search?.focus();
    else links[at - 1]?.focus();
  } else if (key === "Enter" && target === search) {
    links[0]?.click();
  }
});
search?.addEventListener("input", showMatches);
// Browsers keep the typed text when they show a page again.
showMatches();

/** The inputs of a form for the values in one part of the request. */
function valuesOf(form: HTMLFormElement, place: string): [name: string, values: string[]][] {
  const inputs = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
    `[data-in="${place}"]`,
  );
  return [...inputs].map((input) => {
    const lines = input instanceof HTMLTextAreaElement ? input.value.split("\n") : [input.value];
    return [input.dataset.name ?? "", lines.filter((line) => line !== "")];
  });
}

/** The credentials from the fields of the page, for the schemes that an operation accepts. */
function credentialsFor(form: HTMLFormElement): { headers: [string, string][]; query: [string, string][] } {
  const headers: [string, string][] = [];
  const query: [string, string][] = [];
  for (const scheme of (form.dataset.security ?? "").split(" ")) {
    const input = document.querySelector<HTMLInputElement>(
      `#auth input[data-scheme="${CSS.escape(scheme)}"]`,
    );
    if (!input || input.value === "") continue;
    const { place, name = "" } = input.dataset;
    if (place === "bearer") headers.push(["Authorization", `Bearer ${input.value}`]);
    else if (place === "header") headers.push([name, input.value]);
    else if (place === "query") query.push([name, input.value]);
  }
  return { headers, query };
}

function toURL(form: HTMLFormElement, query: readonly [string, string][]): URL {
  const params = new Map(valuesOf(form, "path"));
  const path = (form.dataset.path ?? "").replace(/:(\w+)|\*/g, (all, name: string | undefined) => {
    const value = params.get(name ?? "*")?.[0] ?? "";
    if (value === "") throw new Error(`Fill in the path parameter ${name ?? all}.`);
    return name === undefined
      ? value.split("/").map(encodeURIComponent).join("/")
      : encodeURIComponent(value);
  });
  if (/\/\.\.?(?:\/|$)/.test(path)) throw new Error(`"." and ".." in ${path} would name another path.`);
  const server = document.querySelector<HTMLInputElement>("#server")?.value || location.origin;
  const url = new URL(server.replace(/\/+$/, "") + path, location.href);
  for (const [name, values] of valuesOf(form, "query"))
    for (const one of values) url.searchParams.append(name, one);
  for (const line of valuesOf(form, "whole-query").flatMap(([, lines]) => lines)) {
    const [, name = line, value = ""] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    url.searchParams.append(name, value);
  }
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

function toBody(form: HTMLFormElement): { readonly body?: BodyInit; readonly type?: string } {
  const text = form.querySelector<HTMLTextAreaElement>("[data-body]")?.value ?? "";
  if (text.trim() === "") return {};
  const type = form.querySelector<HTMLSelectElement>("[data-media-type]")?.value ?? "";
  const isForm = type === "application/x-www-form-urlencoded";
  if (!isForm && type !== "multipart/form-data") return { body: text, type };
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text);
  } catch {
    throw new Error('Write the fields of the form as JSON, such as { "name": "value" }.');
  }
  const body = isForm ? new URLSearchParams() : new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) body.append(name, String(one));
  }
  // The browser sets the content type of a form itself.
  return { body };
}

function format(text: string, type: string): string {
  if (!/\bjson\b/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form: HTMLFormElement): Promise<void> {
  const show = (name: string, text: string): void => {
    const element = form.querySelector<HTMLElement>(`[data-answer="${name}"]`);
    if (!element) return;
    element.textContent = text;
    element.hidden = text === "";
  };
  const button = form.querySelector("button");
  button?.setAttribute("aria-busy", "true");
  for (const name of ["status", "headers", "body"]) show(name, "");
  try {
    const credentials = credentialsFor(form);
    const url = toURL(form, credentials.query);
    const { body, type } = toBody(form);
    const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
    for (const [name, values] of valuesOf(form, "header"))
      for (const one of values) headers.append(name, one);
    for (const [name, value] of credentials.headers) headers.set(name, value);
    if (type) headers.set("Content-Type", type);
    const started = performance.now();
    const response = await fetch(url, {
      method: form.dataset.method ?? "GET",
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const took = Math.round(performance.now() - started);
    const moved = response.redirected ? `, after a redirect to ${response.url}` : "";
    show("status", `${response.status} ${response.statusText} in ${took} ms${moved}`);
    show("headers", [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"));
    show("body", format(text, response.headers.get("content-type") ?? ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    show("status", `No answer: ${reason}`);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-method]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
}
// Without this script, the forms could send nothing.
for (const element of document.querySelectorAll<HTMLElement>("[data-needs-script]")) element.hidden = false;

const server = document.querySelector<HTMLInputElement>("#server");
if (server?.value === "")
  server.value = location.protocol === "file:" ? "http://localhost:8080" : location.origin;
