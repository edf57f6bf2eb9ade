export default (req, res) => res.text("hello from a program");
