import JSX, { usePathname } from "@miqro/jsx";

const Place = () => usePathname();

export default (_req, res) => {
  res.statusCode = 410;
  return JSX.createElement("p", { class: "gone" }, JSX.createElement(Place));
};
