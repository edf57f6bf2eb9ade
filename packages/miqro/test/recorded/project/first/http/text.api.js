export default () => "returned";
