import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type HashedModule, hashModules } from "../../dist/client-graph/module-hashes.js";

type Modules = ReadonlyMap<string, HashedModule>;

// Random graphs, cycles and modules that import themselves included.
const graphs: fc.Arbitrary<Modules> = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const key = fc.integer({ min: 0, max: size - 1 }).map((index) => `m${index}`);
  const module = fc.record({
    content: fc.string({ maxLength: 3 }),
    imports: fc.array(key, { maxLength: 3 }),
  });
  return fc
    .array(module, { minLength: size, maxLength: size })
    .map((modules) => new Map(modules.map((one, index) => [`m${index}`, { id: `m${index}`, ...one }])));
});

const hash = (modules: Modules) => hashModules(modules, new Map());

function reaches(modules: Modules, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const key of seen) for (const next of modules.get(key)?.imports ?? []) seen.add(next);
  return seen.has(to);
}

describe("hashModules", () => {
  it("gives the same hashes whatever the order of the modules", () => {
    fc.assert(
      fc.property(graphs, (modules) => {
        const reversed = new Map([...modules].reverse());
        assert.deepEqual(new Map([...hash(reversed)].sort()), new Map([...hash(modules)].sort()));
      }),
    );
  });

  it("gives each module a hash of its own", () => {
    fc.assert(
      fc.property(graphs, (modules) => {
        assert.equal(new Set(hash(modules).values()).size, modules.size);
      }),
    );
  });

  it("changes exactly the modules that reach the changed one", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (modules, choice) => {
        const changed = `m${choice % modules.size}`;
        const before = hash(modules);
        const edited = new Map(modules);
        const original = modules.get(changed) ?? assert.fail();
        edited.set(changed, { ...original, content: `${original.content}!` });
        for (const [key, value] of hash(edited)) {
          assert.equal(value !== before.get(key), reaches(modules, key, changed), `${key} after ${changed}`);
        }
      }),
    );
  });

  it("changes when an import leads to another module of the same cycle", () => {
    const cycle = (target: string): Modules =>
      new Map(
        [
          { id: "a", content: "", imports: ["b", "c"] },
          { id: "b", content: "", imports: [target] },
          { id: "c", content: "", imports: ["a"] },
        ].map((module) => [module.id, module]),
      );
    assert.notEqual(hash(cycle("a")).get("c"), hash(cycle("c")).get("c"));
  });

  it("gives the same hashes when a part is hashed before the rest", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (modules, choice) => {
        const first = `m${choice % modules.size}`;
        const isPart = (key: string) => reaches(modules, first, key);
        const part = hash(new Map([...modules].filter(([key]) => isPart(key))));
        const rest = hashModules(new Map([...modules].filter(([key]) => !isPart(key))), part);
        for (const [key, value] of hash(modules)) assert.equal(part.get(key) ?? rest.get(key), value);
      }),
    );
  });

  it("follows a chain of 20,000 imports", () => {
    const size = 20_000;
    const chain = new Map(
      Array.from({ length: size }, (_, index) => {
        const imports = index + 1 < size ? [`m${index + 1}`] : [];
        return [`m${index}`, { id: `m${index}`, content: "", imports }];
      }),
    );
    assert.equal(new Set(hash(chain).values()).size, size);
  });
});
