import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError } from "@miqro/core";
import { parseEndpoint } from "@miqro/core/micro";

describe("parseEndpoint", () => {
  const good: readonly [text: string, endpoint: readonly (string | number)[]][] = [
    ["tcp://my-host-name.foo.bar:12345", [12345, "my-host-name.foo.bar"]],
    ["tcp://0.0.0.0:8080", [8080, "0.0.0.0"]],
    ["TCP://0.0.0.0:8080/", [8080, "0.0.0.0"]],
    ["tcp://1.2.3.4", [3000, "1.2.3.4"]],
    ["tcp://127.0.0.1:0", [0, "127.0.0.1"]],
    ["tcp://[::1]:80", [80, "::1"]],
    ["tcp://[::]", [3000, "::"]],
    ["unix:/foo/bar.sock", ["/foo/bar.sock"]],
    ["unix:///foo/bar.sock", ["/foo/bar.sock"]],
    ["unix:foo.sock", ["foo.sock"]],
    ["unix:/with blank/%41.sock", ["/with blank/%41.sock"]],
    ["pipe:\\\\.\\pipe\\some-name", ["\\\\.\\pipe\\some-name"]],
  ];
  for (const [text, endpoint] of good) {
    it(`reads ${text}`, () => assert.deepEqual(parseEndpoint(text), endpoint));
  }

  const bad: readonly [text: string, message: RegExp][] = [
    ["foobar://blah", /^Unknown --listen endpoint scheme \(protocol\): foobar:\. Write tcp:/],
    ["3000", /^Unknown --listen endpoint scheme \(protocol\): "3000"\. Write tcp:/],
    ["", /^Unknown --listen endpoint scheme/],
    ["pipe:lolsickbro", /^Invalid Windows named pipe endpoint: pipe:lolsickbro\./],
    ["pipe://./pipe/lol", /^Invalid Windows named pipe endpoint: pipe:\/\/\.\/pipe\/lol\./],
    ["unix:", /^Invalid UNIX domain socket endpoint: unix:\./],
    ["unix://foo/bar.sock", /^Invalid UNIX domain socket endpoint/],
    ["tcp:", /^Invalid TCP endpoint: tcp:\. Write tcp:\/\/HOST:PORT/],
    ["tcp://:80", /^Invalid TCP endpoint/],
    ["tcp://host:65536", /^Invalid TCP endpoint/],
    ["tcp://host:http", /^Invalid TCP endpoint/],
    ["tcp://host:80/path", /^Invalid TCP endpoint/],
    ["tcp://me@host:80", /^Invalid TCP endpoint/],
  ];
  for (const [text, message] of bad) {
    it(`refuses ${text === "" ? "an empty string" : text}`, () => {
      assert.throws(
        () => parseEndpoint(text),
        (error) => error instanceof ArgumentError && message.test(error.message),
      );
    });
  }
});
