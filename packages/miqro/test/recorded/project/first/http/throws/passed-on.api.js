export default async () => {
  throw new Error("passed on");
};
