export default {
  tokenLocation: "cookie",
  tokenLocationName: "session",
  path: "/secure",
  verify: async ({ token }) => (token === "good" ? { account: "eve", username: "eve", groups: [] } : null),
};
