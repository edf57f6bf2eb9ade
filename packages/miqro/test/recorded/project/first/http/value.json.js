export default { value: [1, 2, 3] };
