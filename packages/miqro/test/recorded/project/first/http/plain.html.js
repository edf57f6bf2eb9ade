export default (_req, res) => res.html("<!doctype html><p>by itself</p>");
