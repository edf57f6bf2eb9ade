export default { path: null, method: "patch", handler: (req) => req.path };
