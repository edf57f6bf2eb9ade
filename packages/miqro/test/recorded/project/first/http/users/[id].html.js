import JSX from "@miqro/jsx";

export default (req) => JSX.createElement("p", null, req.params.id);
