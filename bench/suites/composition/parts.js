// What both servers are made of: the same functions, mounted by folders in one, and by hand in the other.

const sessions = new Map([["t0k3n", { account: "1", username: "ada", groups: ["staff"] }]]);

/** How many lines were logged; writing them would measure the disk. */
export let lines = 0;

export const log = {
  replaceConsoleTransport: true,
  write: () => {
    lines++;
  },
};

export const auth = { verify: ({ token }) => sessions.get(token) ?? null };
export const cors = { origins: "https://shop.example", credentials: true };
export const policy = { groups: ["staff"] };

export function before(req) {
  req.begun = req.startMS;
}

export function after(req) {
  req.logger.info("%s %s", req.method, req.path);
}

export const first = (req, res) => res.json({ service: "first", user: req.session.username });
export const second = (_req, res) => res.json({ service: "second" });
export const third = (req, res) =>
  res.json({ service: "third", id: req.params.id, user: req.session.username });
