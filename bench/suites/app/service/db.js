export default { name: "shop", storage: ":memory:" };
