export default () => "never: the first service answers";
