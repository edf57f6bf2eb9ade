export default (_req, res) => {
  res.setCookie("a", "b c", { httpOnly: true, path: "/" });
  return "cookie";
};
