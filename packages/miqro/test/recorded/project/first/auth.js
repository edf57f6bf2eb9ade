export default {
  tokenLocation: "header",
  path: ["/private", "/me", "/staff", "/updates"],
  exclude: "/private/open",
  verify: ({ token }) =>
    token === "Bearer good" || token === "good"
      ? { account: "ada", username: "ada", groups: ["staff"] }
      : token.endsWith("guest")
        ? { account: "bob", username: "bob", groups: [] }
        : null,
};
