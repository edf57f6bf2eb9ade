import JSX from "@miqro/jsx";

export default JSX.createElement(
  "html",
  { lang: "en" },
  JSX.createElement(
    "head",
    null,
    JSX.createElement("title", null, "Home"),
    JSX.createElement("script", { src: "/js/app.js" }),
  ),
  JSX.createElement("body", null, "<home>"),
);
