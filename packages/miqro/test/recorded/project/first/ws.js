export default [
  { path: "/updates", onMessage: (client, data) => client.send(data) },
  { path: "/unused", disabled: true },
];
