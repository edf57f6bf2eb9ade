export default (_req, res) => ({ first: res.getHeader("x-first"), second: res.getHeader("x-second") });
