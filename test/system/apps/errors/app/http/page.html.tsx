import JSX from "@miqro/jsx";

function Part(): any {
  throw new Error("a component fails");
}

export default (req, res) => <main><Part /></main>;
