/** What is asked of every contestant: a JSON answer of about 1.5, 10 and 100 kB, as a coding. */
export const sizes = { small: 15, medium: 100, large: 1000 } as const;
export type Size = keyof typeof sizes;

export const encodings = ["gzip", "br", "zstd"] as const;
export type Encoding = (typeof encodings)[number];

export const rows = (size: Size): unknown =>
  Array.from({ length: sizes[size] }, (_, id) => ({
    id,
    name: `Name ${(id * 7919) % 1000}`,
    email: `user${id}@example.org`,
    active: id % 3 === 0,
    score: Math.sin(id),
  }));
