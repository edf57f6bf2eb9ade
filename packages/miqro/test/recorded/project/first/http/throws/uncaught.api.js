export default () => {
  throw new Error("not for clients");
};
