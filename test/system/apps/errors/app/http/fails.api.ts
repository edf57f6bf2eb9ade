type Unused = { a: string };

export default async (req, res) => {
  throw new Error("it fails here");
}
