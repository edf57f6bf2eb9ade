export default () => {
  throw new Error("caught");
};
