interface Unused {
  readonly a: string;
}

throw new Error("not ready");
export default () => 1;
