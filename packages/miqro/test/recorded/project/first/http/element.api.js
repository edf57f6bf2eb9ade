import JSX from "@miqro/jsx";

export default async () => JSX.createElement("b", null, "element");
