export default (_req, res) => res.redirect("/hello?name=again");
